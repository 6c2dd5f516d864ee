package dev.flotilla.store;

/// A script did what Redis does not allow: a bug of ours, and no sign that Redis is away.
public final class ScriptError extends IllegalStateException {
  private static final long serialVersionUID = 1;

  ScriptError(Throwable said) {
    super(said);
  }
}
