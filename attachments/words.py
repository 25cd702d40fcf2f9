"""What the page behind a link says, in the organisation's language."""

from __future__ import annotations

Words = dict[str, str]

EN: Words = {
    "title": "A file for you",
    "from": "{organisation} shares a file with you.",
    "password": "Password",
    "view": "View",
    "download": "Download",
    "wrong": "This is not the password.",
    "too_fast": "Too many tries. Try again later.",
}
ES: Words = {
    "title": "Un archivo para ti",
    "from": "{organisation} comparte un archivo contigo.",
    "password": "Contraseña",
    "view": "Ver",
    "download": "Descargar",
    "wrong": "La contraseña no es correcta.",
    "too_fast": "Demasiados intentos. Inténtalo más tarde.",
}
PT: Words = {
    "title": "Um arquivo para você",
    "from": "{organisation} compartilha um arquivo com você.",
    "password": "Senha",
    "view": "Ver",
    "download": "Baixar",
    "wrong": "A senha não está certa.",
    "too_fast": "Tentativas demais. Tente de novo mais tarde.",
}


def words_for(locale: str) -> Words:
    return {"es": ES, "pt": PT}.get(locale[:2].lower(), EN)
