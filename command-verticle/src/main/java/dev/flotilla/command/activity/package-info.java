/// What has happened in a tenant, read from its log.
@NullMarked
package dev.flotilla.command.activity;

import org.jspecify.annotations.NullMarked;
