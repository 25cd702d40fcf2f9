"""What we say ourselves in pushes and e-mails, in the reader's language."""

from __future__ import annotations

Words = dict[str, str]

EN: Words = {
    "new_message": "New message",
    "new_messages": "{count} new messages",
    "mention": "{actor} mentioned you",
    "assignment": "A conversation was assigned to you",
    "urgent": "Urgent",
    "sla_warning": "An answer is due soon",
    "sla_breach": "An answer is overdue",
    "file_decision": "A decision about a file",
    "request_status": "News of a request",
    "storage": "There is little room left for files",
    "from": "{actor} at {organisation}",
    "in": "{title} at {organisation}",
    "hidden": "Open the conversation to read it.",
    "more": "{count} more before these.",
    "open": "Open the conversation",
    "why": "You receive this e-mail because you have not read it at {organisation} yet.",
    "stop": "No more e-mails like this",
    "stop_question": "Shall {organisation} send you no more e-mails about what you have not read?",
    "stop_button": "No more e-mails",
    "stopped": "You will get no more e-mails. You can switch them on again in your settings.",
    "stop_unknown": "This link is not valid.",
}
ES: Words = {
    "new_message": "Mensaje nuevo",
    "new_messages": "{count} mensajes nuevos",
    "mention": "{actor} te mencionó",
    "assignment": "Se te asignó una conversación",
    "urgent": "Urgente",
    "sla_warning": "Hay que responder pronto",
    "sla_breach": "Una respuesta lleva retraso",
    "file_decision": "Decisión sobre un archivo",
    "request_status": "Novedades de una solicitud",
    "storage": "Queda poco espacio para archivos",
    "from": "{actor} en {organisation}",
    "in": "{title} en {organisation}",
    "hidden": "Abre la conversación para leerlo.",
    "more": "{count} más antes de estos.",
    "open": "Abrir la conversación",
    "why": "Recibes este correo porque aún no lo has leído en {organisation}.",
    "stop": "No recibir más correos como este",
    "stop_question": "¿Quieres que {organisation} deje de enviarte correos sobre lo que no has leído?",
    "stop_button": "No más correos",
    "stopped": "No recibirás más correos. Puedes volver a activarlos en tus ajustes.",
    "stop_unknown": "Este enlace no es válido.",
}
PT: Words = {
    "new_message": "Nova mensagem",
    "new_messages": "{count} novas mensagens",
    "mention": "{actor} mencionou você",
    "assignment": "Uma conversa foi atribuída a você",
    "urgent": "Urgente",
    "sla_warning": "É preciso responder em breve",
    "sla_breach": "Uma resposta está atrasada",
    "file_decision": "Decisão sobre um arquivo",
    "request_status": "Novidades de uma solicitação",
    "storage": "Resta pouco espaço para arquivos",
    "from": "{actor} em {organisation}",
    "in": "{title} em {organisation}",
    "hidden": "Abra a conversa para ler.",
    "more": "Mais {count} antes destas.",
    "open": "Abrir a conversa",
    "why": "Você recebe este e-mail porque ainda não leu isto em {organisation}.",
    "stop": "Não receber mais e-mails como este",
    "stop_question": "Quer que {organisation} pare de enviar e-mails sobre o que você não leu?",
    "stop_button": "Não enviar mais e-mails",
    "stopped": "Você não receberá mais e-mails. Pode ativá-los de novo nas suas configurações.",
    "stop_unknown": "Este link não é válido.",
}


def words_for(locale: str) -> Words:
    return {"es": ES, "pt": PT}.get(locale[:2].lower(), EN)
