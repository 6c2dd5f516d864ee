package dev.flotilla.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Documents one setting. The loader, `flotilla config doc` and `conf/flotilla.yaml` come from it.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {
  /// What it does, in one sentence, with its range where it has one.
  String doc();

  /// The default as it would be written in YAML; empty means that there is none and that the
  /// setting is required unless the component is nullable. Of a group: YAML with the defaults that
  /// differ from those of its type.
  String value() default "";

  /// A variable that sets it as well, for those who know it by that name; `FLOTILLA_...` wins over
  /// it. Where it is blank, it counts as not set.
  String alias() default "";

  /// True where a node that runs takes another value, told by SIGHUP: no socket is dropped for it.
  boolean live() default false;
}
