-- Words of titles and descriptions. Not of a language: a tenant may write in several.
create index work_items_words on work_items
  using gin (to_tsvector('simple', title || ' ' || coalesce(description, '')));
