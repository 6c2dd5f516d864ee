/// The chat dialect: conversations with agents. Its contract is `contract/chat/chat.yml`.
@NullMarked
package dev.flotilla.gateway.dialect.chat;

import org.jspecify.annotations.NullMarked;
