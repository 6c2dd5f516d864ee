-- Credentials of instances are kept encrypted (docs/adr/0023-credentials-are-sealed.md). What stands
-- in `token` was written by a version before; a node with the key seals it when it starts.
alter table instances alter column token drop not null;
alter table instances add column credential text;
-- The private key by which an instance on another host knows the fleet, sealed like the credential.
alter table instances add column device_key text;
alter table instances add constraint instances_have_one_credential
  check ((token is null) <> (credential is null));

-- Rises with every change of what is wanted, so that two who change the same instance notice.
alter table instances add column revision bigint not null default 1;
-- True where conf/instances.yaml says that it should be there.
alter table instances add column declared boolean not null default false;
