/** What the pages say, in the languages they speak, and how they say times. No DOM. */

/** @typedef {Record<string, string | {one: string, other: string}>} Dictionary */

/** @type {Dictionary} */
const en = {
  send: "Send",
  write: "Write a message",
  messages: "Messages",
  conversations: "Conversations",
  pending: "Sending",
  sent: "Sent",
  delivered: "Delivered",
  read: "Read",
  failed: "Not sent.",
  try_again: "Try again",
  remove: "Remove",
  too_long: "{over} characters too many",
  deleted: "[Message deleted]",
  edited: "edited",
  you: "You",
  you_said: "You: {text}",
  today: "Today",
  yesterday: "Yesterday",
  yesterday_at: "yesterday {time}",
  just_now: "just now",
  new_messages: "New",
  to_newest: "Go to the newest message",
  unread: {one: "{count} unread message", other: "{count} unread messages"},
  reconnecting: "Reconnecting",
  reconnecting_in: "Reconnecting in {seconds} s. What you write is kept.",
  polling: "Slow connection. Messages may take a few seconds.",
  signed_out: "You are signed out. What you wrote is kept.",
  stopped: "This chat is not available to you right now.",
  try_now: "Try now",
  sign_in: "Sign in",
  sign_out: "Sign out",
  username: "Username",
  password: "Password",
  login_lead: "Continue to your conversations",
  login_wrong: "That username and password do not match. Check both and try again.",
  login_too_fast: "Too many attempts. Wait a few minutes and try again.",
  login_once: "Signing you in",
  open_chat: "Open chat",
  open_chat_unread: {one: "Open chat, {count} unread message", other: "Open chat, {count} unread messages"},
  close_chat: "Close chat",
  back: "Back",
  greeting_title: "How can we help?",
  greeting: "Ask us anything. We answer here, and you can close this and come back.",
  no_conversations_title: "No conversations yet",
  no_conversations: "Messages with colleagues and clients will appear here.",
  no_matches: "Nothing matches “{text}”.",
  choose_title: "Choose a conversation",
  choose: "Pick one on the left, or start a new one.",
  no_messages_title: "No messages yet",
  no_messages: "Say what it is about. Everyone in it will see it.",
  new_conversation: "New conversation",
  start: "Start",
  cancel: "Cancel",
  people: "People",
  people_count: {one: "{count} person", other: "{count} people"},
  find: "Find a conversation",
  find_people: "Find people",
  nobody_found: "Nobody found.",
  group_name: "Name of the group",
  start_failed: "The conversation could not be started. Your choice is kept; try again.",
  read_only: "You can read here, not write.",
  details: "Details",
  started_on: "Started {date}",
  nameless: "Conversation",
  seen_all: "Has read everything",
  unseen: {one: "{count} message not read yet", other: "{count} messages not read yet"},
  presence_online: "online",
  presence_away: "away",
  presence_busy: "busy",
  presence_offline: "offline",
  presence_invisible: "invisible",
  last_seen: "offline, last seen {ago}",
  online_count: {one: "{count} online", other: "{count} online"},
  typing: {one: "{names} is typing…", other: "{names} are typing…"},
  typing_somebody: "Somebody is typing…",
  typing_many: "Several people are typing…",
  read_by: "Read by {count} of {of}",
  and_more: "{count} more",
  my_settings: "Status and privacy",
  availability: "Status",
  availability_auto: "Automatic",
  availability_auto_hint: "Online while you are here, away after five minutes",
  availability_busy: "Busy",
  availability_busy_hint: "For when you are here but should not be disturbed",
  availability_invisible: "Invisible",
  availability_invisible_hint: "Others see you as offline",
  privacy: "Privacy",
  read_private: "Read in private",
  read_private_hint: "Others do not see what you have read",
  not_saved: "That was not saved. Try again.",
  organisation: "Organisation",
  kind_direct: "Direct",
  kind_group: "Group",
  kind_channel: "Channel",
  kind_support: "Support",
  waiting: "Waiting",
  role_admin: "Admin",
  role_manager: "Manager",
  role_agent: "Agent",
  role_client: "Client",
  role_external_pm: "External manager",
  role_viewer: "Viewer",
  role_guest: "Guest",
  role_bot: "Bot",
}

/** @type {Dictionary} */
const es = {
  send: "Enviar",
  write: "Escribe un mensaje",
  messages: "Mensajes",
  conversations: "Conversaciones",
  pending: "Enviando",
  sent: "Enviado",
  delivered: "Entregado",
  read: "Leído",
  failed: "No se ha enviado.",
  try_again: "Reintentar",
  remove: "Quitar",
  too_long: "Sobran {over} caracteres",
  deleted: "[Mensaje eliminado]",
  edited: "editado",
  you: "Tú",
  you_said: "Tú: {text}",
  today: "Hoy",
  yesterday: "Ayer",
  yesterday_at: "ayer, {time}",
  just_now: "ahora mismo",
  new_messages: "Nuevos",
  to_newest: "Ir al último mensaje",
  unread: {one: "{count} mensaje sin leer", other: "{count} mensajes sin leer"},
  reconnecting: "Reconectando",
  reconnecting_in: "Reconectando en {seconds} s. Lo que escribas no se pierde.",
  polling: "Conexión lenta. Los mensajes pueden tardar unos segundos.",
  signed_out: "Se ha cerrado tu sesión. Lo que escribiste no se pierde.",
  stopped: "Ahora mismo no tienes acceso a este chat.",
  try_now: "Probar ahora",
  sign_in: "Iniciar sesión",
  sign_out: "Cerrar sesión",
  username: "Usuario",
  password: "Contraseña",
  login_lead: "Sigue con tus conversaciones",
  login_wrong: "El usuario y la contraseña no coinciden. Revísalos e inténtalo de nuevo.",
  login_too_fast: "Demasiados intentos. Espera unos minutos y vuelve a probar.",
  login_once: "Iniciando sesión",
  open_chat: "Abrir el chat",
  open_chat_unread: {one: "Abrir el chat, {count} mensaje sin leer", other: "Abrir el chat, {count} mensajes sin leer"},
  close_chat: "Cerrar el chat",
  back: "Volver",
  greeting_title: "¿En qué te ayudamos?",
  greeting: "Pregúntanos lo que quieras. Te respondemos aquí; puedes cerrar y volver cuando te venga bien.",
  no_conversations_title: "Aún no hay conversaciones",
  no_conversations: "Aquí verás los mensajes con tu equipo y tus clientes.",
  no_matches: "No hay resultados para «{text}».",
  choose_title: "Elige una conversación",
  choose: "Selecciona una de la lista o empieza otra.",
  no_messages_title: "Aún no hay mensajes",
  no_messages: "Cuenta de qué se trata. Lo verán todos los participantes.",
  new_conversation: "Nueva conversación",
  start: "Empezar",
  cancel: "Cancelar",
  people: "Participantes",
  people_count: {one: "{count} persona", other: "{count} personas"},
  find: "Buscar conversación",
  find_people: "Buscar personas",
  nobody_found: "No hay nadie con ese nombre.",
  group_name: "Nombre del grupo",
  start_failed: "No se ha podido empezar la conversación. Tu selección sigue aquí; inténtalo de nuevo.",
  read_only: "Aquí puedes leer, pero no escribir.",
  details: "Detalles",
  started_on: "Empezó el {date}",
  nameless: "Conversación",
  seen_all: "Lo ha leído todo",
  unseen: {one: "Le queda {count} mensaje por leer", other: "Le quedan {count} mensajes por leer"},
  presence_online: "en línea",
  presence_away: "ausente",
  presence_busy: "no molestar",
  presence_offline: "sin conexión",
  presence_invisible: "invisible",
  last_seen: "sin conexión, última vez: {ago}",
  online_count: {one: "{count} en línea", other: "{count} en línea"},
  typing: {one: "{names} está escribiendo…", other: "{names} están escribiendo…"},
  typing_somebody: "Alguien está escribiendo…",
  typing_many: "Varias personas están escribiendo…",
  read_by: "Leído por {count} de {of}",
  and_more: "{count} más",
  my_settings: "Estado y privacidad",
  availability: "Estado",
  availability_auto: "Automático",
  availability_auto_hint: "En línea mientras estás aquí, ausente a los cinco minutos",
  availability_busy: "No molestar",
  availability_busy_hint: "Para cuando estás, pero prefieres que no te interrumpan",
  availability_invisible: "Invisible",
  availability_invisible_hint: "Los demás te ven sin conexión",
  privacy: "Privacidad",
  read_private: "Leer en privado",
  read_private_hint: "Los demás no ven qué has leído",
  not_saved: "No se ha guardado. Inténtalo de nuevo.",
  organisation: "Organización",
  kind_direct: "Directo",
  kind_group: "Grupo",
  kind_channel: "Canal",
  kind_support: "Soporte",
  waiting: "En espera",
  role_admin: "Administración",
  role_manager: "Responsable",
  role_agent: "Agente",
  role_client: "Cliente",
  role_external_pm: "Gestión externa",
  role_viewer: "Solo lectura",
  role_guest: "Visitante",
  role_bot: "Bot",
}

/** @type {Dictionary} */
const pt = {
  send: "Enviar",
  write: "Escreva uma mensagem",
  messages: "Mensagens",
  conversations: "Conversas",
  pending: "Enviando",
  sent: "Enviada",
  delivered: "Entregue",
  read: "Lida",
  failed: "Não enviada.",
  try_again: "Tentar de novo",
  remove: "Remover",
  too_long: "{over} caracteres a mais",
  deleted: "[Mensagem apagada]",
  edited: "editada",
  you: "Você",
  you_said: "Você: {text}",
  today: "Hoje",
  yesterday: "Ontem",
  yesterday_at: "ontem, {time}",
  just_now: "agora mesmo",
  new_messages: "Novas",
  to_newest: "Ir para a última mensagem",
  unread: {one: "{count} mensagem não lida", other: "{count} mensagens não lidas"},
  reconnecting: "Reconectando",
  reconnecting_in: "Reconectando em {seconds} s. O que você escrever fica guardado.",
  polling: "Conexão lenta. As mensagens podem demorar alguns segundos.",
  signed_out: "Sua sessão terminou. O que você escreveu está guardado.",
  stopped: "Este chat não está disponível para você agora.",
  try_now: "Tentar agora",
  sign_in: "Entrar",
  sign_out: "Sair",
  username: "Usuário",
  password: "Senha",
  login_lead: "Continue suas conversas",
  login_wrong: "Usuário e senha não conferem. Verifique os dois e tente de novo.",
  login_too_fast: "Tentativas demais. Espere alguns minutos e tente de novo.",
  login_once: "Entrando",
  open_chat: "Abrir o chat",
  open_chat_unread: {one: "Abrir o chat, {count} mensagem não lida", other: "Abrir o chat, {count} mensagens não lidas"},
  close_chat: "Fechar o chat",
  back: "Voltar",
  greeting_title: "Como podemos ajudar?",
  greeting: "Pergunte o que quiser. A resposta chega aqui; você pode fechar e voltar depois.",
  no_conversations_title: "Nenhuma conversa ainda",
  no_conversations: "As mensagens com a equipe e os clientes aparecem aqui.",
  no_matches: "Nada encontrado para “{text}”.",
  choose_title: "Escolha uma conversa",
  choose: "Selecione uma na lista ou comece outra.",
  no_messages_title: "Nenhuma mensagem ainda",
  no_messages: "Diga do que se trata. Todos os participantes vão ver.",
  new_conversation: "Nova conversa",
  start: "Começar",
  cancel: "Cancelar",
  people: "Participantes",
  people_count: {one: "{count} pessoa", other: "{count} pessoas"},
  find: "Buscar conversa",
  find_people: "Buscar pessoas",
  nobody_found: "Ninguém encontrado.",
  group_name: "Nome do grupo",
  start_failed: "Não foi possível começar a conversa. Sua seleção está mantida; tente de novo.",
  read_only: "Aqui você pode ler, mas não escrever.",
  details: "Detalhes",
  started_on: "Começou em {date}",
  nameless: "Conversa",
  seen_all: "Leu tudo",
  unseen: {one: "Falta ler {count} mensagem", other: "Falta ler {count} mensagens"},
  presence_online: "online",
  presence_away: "ausente",
  presence_busy: "não perturbe",
  presence_offline: "offline",
  presence_invisible: "invisível",
  last_seen: "offline, última vez: {ago}",
  online_count: {one: "{count} online", other: "{count} online"},
  typing: {one: "{names} está digitando…", other: "{names} estão digitando…"},
  typing_somebody: "Alguém está digitando…",
  typing_many: "Várias pessoas estão digitando…",
  read_by: "Lida por {count} de {of}",
  and_more: "mais {count}",
  my_settings: "Status e privacidade",
  availability: "Status",
  availability_auto: "Automático",
  availability_auto_hint: "Online enquanto você está aqui, ausente depois de cinco minutos",
  availability_busy: "Não perturbe",
  availability_busy_hint: "Para quando você está, mas prefere não ter interrupções",
  availability_invisible: "Invisível",
  availability_invisible_hint: "Os outros veem você offline",
  privacy: "Privacidade",
  read_private: "Ler em particular",
  read_private_hint: "Os outros não veem o que você já leu",
  not_saved: "Não foi salvo. Tente de novo.",
  organisation: "Organização",
  kind_direct: "Direta",
  kind_group: "Grupo",
  kind_channel: "Canal",
  kind_support: "Suporte",
  waiting: "Aguardando",
  role_admin: "Administração",
  role_manager: "Gerência",
  role_agent: "Atendente",
  role_client: "Cliente",
  role_external_pm: "Gestão externa",
  role_viewer: "Somente leitura",
  role_guest: "Visitante",
  role_bot: "Robô",
}

/** @type {Record<string, {tag: string, words: Dictionary}>} */
export const LANGUAGES = {en: {tag: "en-GB", words: en}, es: {tag: "es", words: es}, pt: {tag: "pt-BR", words: pt}}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export class Words {
  #language
  #plural
  #tag

  /**
   * @param {(string | null | undefined)[]} wishes  locales, the most wanted first
   * @param {{now?: () => number}} [options]
   */
  constructor(wishes, {now = Date.now} = {}) {
    const wish = wishes.find(tag => tag && Object.hasOwn(LANGUAGES, languageOf(tag)))
    this.language = wish ? languageOf(wish) : "en"
    this.#language = LANGUAGES[this.language]
    this.#tag = tagOf(wish, this.#language.tag)
    this.#plural = new Intl.PluralRules(this.#tag)
    this.now = now
  }

  /**
   * @param {string} key
   * @param {Record<string, string | number>} [values]  `count` chooses between one and other
   */
  say(key, values = {}) {
    const phrase = this.#language.words[key] ?? en[key] ?? ""
    const text = typeof phrase === "string" ? phrase : phrase[this.#form(values.count)]
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""))
  }

  /**
   * As people say it: "just now", "2 min ago", "14:05", "yesterday 14:05", "3 Mar".
   *
   * @param {string} at  ISO 8601
   */
  ago(at) {
    const age = this.now() - Date.parse(at)
    if (age < MINUTE) return this.say("just_now")
    if (age < HOUR) return this.#relative(-Math.floor(age / MINUTE))
    return this.daysAgo(at) === 0 ? this.time(at) : this.#earlier(at)
  }

  /**
   * The shortest useful form, for lists.
   *
   * @param {string} at
   */
  brief(at) {
    const days = this.daysAgo(at)
    if (days <= 0) return this.time(at)
    if (days === 1) return this.say("yesterday")
    return this.#format(at, days < 7 ? {weekday: "short"} : {day: "numeric", month: "short"})
  }

  /** @param {string[]} names */
  list(names) {
    return new Intl.ListFormat(this.#tag).format(names)
  }

  /** @param {string} at */
  time(at) {
    return this.#format(at, {hour: "2-digit", minute: "2-digit"})
  }

  /** @param {string} at */
  exact(at) {
    return this.#format(at, {dateStyle: "full", timeStyle: "short"})
  }

  /** @param {string} at */
  date(at) {
    return this.#format(at, {dateStyle: "long"})
  }

  /**
   * For day separators.
   *
   * @param {string} at
   */
  day(at) {
    const days = this.daysAgo(at)
    if (days === 0) return this.say("today")
    if (days === 1) return this.say("yesterday")
    const thisYear = new Date(at).getFullYear() === new Date(this.now()).getFullYear()
    return this.#format(at, {weekday: "long", day: "numeric", month: "long", year: thisYear ? undefined : "numeric"})
  }

  /** @param {string} at */
  daysAgo(at) {
    return Math.round((midnight(this.now()) - midnight(Date.parse(at))) / DAY)
  }

  /** @param {string} at */
  #earlier(at) {
    if (this.daysAgo(at) === 1) return this.say("yesterday_at", {time: this.time(at)})
    return this.#format(at, {day: "numeric", month: "short", hour: "2-digit", minute: "2-digit"})
  }

  /** @param {number} minutes */
  #relative(minutes) {
    return new Intl.RelativeTimeFormat(this.#tag, {style: "short", numeric: "always"}).format(minutes, "minute")
  }

  /** @param {string | number | undefined} count */
  #form(count) {
    return this.#plural.select(Number(count)) === "one" ? "one" : "other"
  }

  /**
   * @param {string} at
   * @param {Intl.DateTimeFormatOptions} options
   */
  #format(at, options) {
    return new Intl.DateTimeFormat(this.#tag, options).format(Date.parse(at))
  }
}

/** @param {string} tag */
function languageOf(tag) {
  return tag.toLowerCase().split(/[-_]/)[0]
}

/**
 * The wished region where the browser knows it ("es-MX"), else the language's usual one.
 *
 * @param {string | null | undefined} wish
 * @param {string} usual
 */
function tagOf(wish, usual) {
  try {
    const [tag] = Intl.getCanonicalLocales((wish ?? "").replaceAll("_", "-"))
    return tag?.includes("-") ? tag : usual
  } catch {
    return usual
  }
}

/** @param {number} time */
function midnight(time) {
  return new Date(time).setHours(0, 0, 0, 0)
}
