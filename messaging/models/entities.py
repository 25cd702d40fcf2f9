"""What a host's own world is made of, as far as messages speak of it: `@task#45`."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from accounts.models import Organisation, Space
from common.ids import new_id

# The types of the sources, for an organisation that has said nothing else.
DEFAULT_TYPES = {
    "task": "Task",
    "damage": "Damage",
    "color_sample": "Colour sample",
    "floor_plan": "Floor plan",
    "material": "Material",
    "change_order": "Change order",
}
KEY = r"[a-z][a-z0-9_]{0,29}"
# In a text, what follows it may be the end of the sentence: it ends with a letter or a digit.
REF = r"\w(?:[\w./-]{0,62}\w)?"


class EntityType(models.Model):
    """`key` stands before the `#`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="entity_types")
    key = models.CharField(
        max_length=30, validators=[RegexValidator(rf"\A{KEY}\Z", "Lower case letters, digits and _.")]
    )
    name = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="entity_type_once"),
        ]

    def __str__(self) -> str:
        return self.key


class Entity(models.Model):
    """Told by the host. Of a space's entity only those hear more than its ref who have access to the space."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    type = models.ForeignKey(EntityType, on_delete=models.CASCADE, related_name="entities")
    ref = models.CharField(
        max_length=64, validators=[RegexValidator(rf"\A{REF}\Z", "Letters and digits, with . / - _ within.")]
    )
    label = models.CharField(max_length=200)
    url = models.URLField(max_length=500, blank=True)
    space = models.ForeignKey(Space, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "entities"
        constraints = [models.UniqueConstraint(fields=["type", "ref"], name="entity_once")]

    def __str__(self) -> str:
        return f"{self.type} #{self.ref}"

    def clean(self) -> None:
        """Whoever administers two organisations must not mix them."""
        kind, space = getattr(self, "type", None), self.space
        if kind and space and kind.organisation_id != space.organisation_id:
            raise ValidationError({"space": "This space is another organisation's."})
