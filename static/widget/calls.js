/** What a host may ask of a framed widget; the loader knows them, too. */
export const CALLS = ["update", "shutdown", "setUser", "setLocale", "setColorScheme", "show", "hide", "toggle", "showMessages", "showNewMessage", "showConversation", "showRequests", "setContext", "setCustomAttributes", "setConversationAttributes"]
