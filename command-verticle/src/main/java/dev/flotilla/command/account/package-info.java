/// Users, their sessions, API keys, and how all of them are taken back.
@NullMarked
package dev.flotilla.command.account;

import org.jspecify.annotations.NullMarked;
