"""The conversation: Conversation, Participant, Message, and what may be done with them."""
