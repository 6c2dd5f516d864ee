-- Secrets of webhooks are kept encrypted, as credentials of instances are. What stands here in plain text is
-- encrypted by the first node with a key that starts.
alter table webhooks alter column secret drop not null;
alter table webhooks add column sealed_secret text;
alter table webhooks add constraint webhooks_have_one_secret
  check ((secret is null) <> (sealed_secret is null));
