"""Ways by which a message leaves the house, behind one port: e-mail, robots in chats, signed webhooks."""
