from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Composition root"

    def ready(self) -> None:
        from config import checks  # noqa: F401  (registers itself)
        from config.labels import name_everything

        name_everything()
