"""The contact form: for whoever has no script, or no time to wait."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core import signing
from django.core.files.uploadedfile import TemporaryUploadedFile

from accounts.languages import said_in
from accounts.models import Site
from accounts.prechat import MAX_EMAIL, MAX_NAME, one_line
from common.ids import new_id
from messaging.models import MAX_BODY

WORDS = {
    "title": {"en": "Write to us", "es": "Escríbenos", "pt": "Escreva para nós"},
    "name": {"en": "Your name", "es": "Tu nombre", "pt": "Seu nome"},
    "email": {"en": "Your e-mail", "es": "Tu correo", "pt": "Seu e-mail"},
    "text": {"en": "Your message", "es": "Tu mensaje", "pt": "Sua mensagem"},
    "file": {"en": "A file (optional)", "es": "Un archivo (opcional)", "pt": "Um arquivo (opcional)"},
    "send": {"en": "Send", "es": "Enviar", "pt": "Enviar"},
    "leave": {"en": "Leave this empty", "es": "Deja esto vacío", "pt": "Deixe isto vazio"},
    "thanks": {"en": "Thank you", "es": "Gracias", "pt": "Obrigado"},
    "thanks_text": {
        "en": "{organisation} has your message and answers by e-mail.",
        "es": "{organisation} tiene tu mensaje y responderá por correo.",
        "pt": "{organisation} recebeu sua mensagem e responde por e-mail.",
    },
    "thanks_plain": {
        "en": "{organisation} has your message.",
        "es": "{organisation} tiene tu mensaje.",
        "pt": "{organisation} recebeu sua mensagem.",
    },
    "file_again": {
        "en": "Choose the file again, if you want to send it.",
        "es": "Vuelve a elegir el archivo, si quieres enviarlo.",
        "pt": "Escolha o arquivo de novo, se quiser enviá-lo.",
    },
    "file_refused": {
        "en": "This file is not taken here.",
        "es": "Este archivo no se acepta aquí.",
        "pt": "Este arquivo não é aceito aqui.",
    },
    "too_fast": {
        "en": "Too many messages from here. Try again later.",
        "es": "Demasiados mensajes desde aquí. Inténtalo más tarde.",
        "pt": "Mensagens demais daqui. Tente mais tarde.",
    },
    "refused": {
        "en": "Your message could not be taken. Sign in first, or try again later.",
        "es": "No se pudo recibir tu mensaje. Inicia sesión primero o inténtalo más tarde.",
        "pt": "Não foi possível receber sua mensagem. Entre na sua conta ou tente mais tarde.",
    },
}


SALT = "whom the contact form was made for"
TRY_AGAIN_SECONDS = 24 * 60 * 60


def sealed(site: Site, visitor: UUID) -> str:
    return signing.dumps([site.key, str(visitor)], salt=SALT)


def opened(site: Site, shown: str) -> UUID | None:
    """Where it was made for this site, of late."""
    try:
        key, visitor = signing.loads(shown, salt=SALT, max_age=TRY_AGAIN_SECONDS)
    except signing.BadSignature:
        return None
    return UUID(visitor) if key == site.key else None


def words_for(locale: str) -> dict[str, str]:
    return {key: said_in(locale, texts) for key, texts in WORDS.items()}


class ContactForm(forms.Form):
    """`website` is for programs alone. Sent twice, by one `visitor` under one `client_id`, it is said once."""

    name = forms.CharField(max_length=MAX_NAME, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(max_length=MAX_EMAIL, widget=forms.EmailInput({"autocomplete": "email"}))
    text = forms.CharField(max_length=MAX_BODY, widget=forms.Textarea({"rows": 6}))
    file = forms.FileField(required=False, max_length=200)
    website = forms.CharField(required=False, max_length=200)
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    visitor = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)

    def __init__(self, site: Site, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "parley-contact-%s", **kwargs})
        self.words = words_for(site.organisation.locale)
        self.initial["visitor"] = sealed(site, new_id())
        for name in ("name", "email", "text", "file"):
            self.fields[name].label = self.words[name]
        self.fields["website"].label = self.words["leave"]

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"])
        return name

    @property
    def is_by_a_program(self) -> bool:
        return bool(self.data.get("website"))

    @property
    def given_file(self) -> TemporaryUploadedFile | None:
        found: TemporaryUploadedFile | None = self.cleaned_data["file"]
        return found
