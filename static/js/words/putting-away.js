/** What is said of conversations that one has put away, in the widget. @type {Record<string, import("../words.js").Dictionary>} */
export default {
  en: {
    archive_here: "Archive",
    unarchive_here: "Take out of the archive",
    archived_chats: "Archived ({count})",
    archived_title: "Archived",
    archived_back: "Back to all chats",
    archived_all: "All of your chats are archived. New messages bring them back.",
  },
  es: {
    archive_here: "Archivar",
    unarchive_here: "Sacar del archivo",
    archived_chats: "Archivadas ({count})",
    archived_title: "Archivadas",
    archived_back: "Volver a todas las conversaciones",
    archived_all: "Todas tus conversaciones están archivadas. Vuelven con cada mensaje nuevo.",
  },
  pt: {
    archive_here: "Arquivar",
    unarchive_here: "Tirar do arquivo",
    archived_chats: "Arquivadas ({count})",
    archived_title: "Arquivadas",
    archived_back: "Voltar a todas as conversas",
    archived_all: "Todas as suas conversas estão arquivadas. Mensagens novas as trazem de volta.",
  },
}
