-- The ledger as the first migration left it, with rows, dumped from the code of that time.
CREATE TABLE public.attempts (
    message_id text NOT NULL,
    at bigint NOT NULL,
    duration_ms integer NOT NULL,
    outcome text NOT NULL,
    reason text,
    error_code integer,
    description text,
    retry_after integer
);
CREATE TABLE public.chats (
    bot text NOT NULL,
    chat_id text NOT NULL,
    migrated_to text,
    suppressed_reason text,
    suppressed_at bigint,
    updated_at bigint NOT NULL
);
CREATE TABLE public.cursors (
    name text NOT NULL,
    seq bigint NOT NULL
);
CREATE TABLE public.dead_letters (
    id text NOT NULL,
    message_id text,
    bot text,
    chat_id text,
    reason text NOT NULL,
    description text,
    error_code integer,
    attempts integer NOT NULL,
    queue text NOT NULL,
    failed_at bigint NOT NULL,
    body text,
    replayed_as text
);
CREATE TABLE public.events (
    seq bigint NOT NULL,
    at bigint NOT NULL,
    message_id text NOT NULL,
    status text NOT NULL,
    bot text NOT NULL,
    chat_id text,
    data text NOT NULL
);
CREATE SEQUENCE public.events_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.events_seq_seq OWNED BY public.events.seq;
CREATE TABLE public.idempotency_keys (
    scope text NOT NULL,
    key text NOT NULL,
    fingerprint text NOT NULL,
    commands text NOT NULL,
    state text NOT NULL,
    touched_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE TABLE public.leases (
    name text NOT NULL,
    holder text NOT NULL,
    until bigint NOT NULL
);
CREATE TABLE public.messages (
    id text NOT NULL,
    bot text NOT NULL,
    method text NOT NULL,
    chat_id text,
    status text NOT NULL,
    reason text,
    ref text,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    sending_since bigint,
    hops integer DEFAULT 0 NOT NULL,
    message_ids text,
    command text,
    replay_of text
);
CREATE TABLE public.migrations (
    name text NOT NULL,
    at bigint NOT NULL
);
CREATE TABLE public.webhooks (
    name text NOT NULL,
    url text NOT NULL,
    events text NOT NULL,
    chat_id text,
    secret text NOT NULL,
    created_at bigint NOT NULL,
    seq bigint NOT NULL,
    tries integer NOT NULL,
    next_at bigint NOT NULL,
    failing_since bigint,
    disabled_at bigint,
    disabled_why text
);
ALTER TABLE ONLY public.events ALTER COLUMN seq SET DEFAULT nextval('public.events_seq_seq'::regclass);
INSERT INTO public.attempts VALUES ('01890000-0000-7000-8000-000000000001', 1700000000000, 20, 'sent', NULL, NULL, NULL, NULL);
INSERT INTO public.attempts VALUES ('01890000-0000-7000-8000-000000000002', 1700000000000, 20, 'rejected', 'bot_blocked', 403, 'Forbidden: it''s blocked', NULL);
INSERT INTO public.chats VALUES ('default', '42', NULL, 'bot_blocked', 1795512348820, 1795512348820);
INSERT INTO public.cursors VALUES ('probe', 1795512348793);
INSERT INTO public.cursors VALUES ('relay', 3);
INSERT INTO public.events VALUES (1, 1795512348811, '01890000-0000-7000-8000-000000000001', 'queued', 'default', '42', '{"event":"message.queued","id":"01890000-0000-7000-8000-000000000001","status":"queued","bot":"default","method":"sendMessage","chat_id":42,"ref":"old","at":"2026-11-24T09:25:48.811Z"}');
INSERT INTO public.events VALUES (2, 1795512348815, '01890000-0000-7000-8000-000000000001', 'sent', 'default', '42', '{"event":"message.sent","id":"01890000-0000-7000-8000-000000000001","status":"sent","bot":"default","method":"sendMessage","chat_id":42,"ref":"old","message_ids":[17],"at":"2026-11-24T09:25:48.815Z"}');
INSERT INTO public.events VALUES (3, 1795512348811, '01890000-0000-7000-8000-000000000002', 'queued', 'default', '42', '{"event":"message.queued","id":"01890000-0000-7000-8000-000000000002","status":"queued","bot":"default","method":"sendMessage","chat_id":42,"ref":"old","at":"2026-11-24T09:25:48.811Z"}');
INSERT INTO public.events VALUES (4, 1795512348820, '01890000-0000-7000-8000-000000000002', 'failed', 'default', '42', '{"event":"message.failed","id":"01890000-0000-7000-8000-000000000002","status":"failed","bot":"default","method":"sendMessage","chat_id":42,"ref":"old","reason":"bot_blocked","error_code":403,"description":"Forbidden: it''s blocked","at":"2026-11-24T09:25:48.820Z"}');
INSERT INTO public.events VALUES (5, 1795512348811, '01890000-0000-7000-8000-000000000003', 'queued', 'default', '42', '{"event":"message.queued","id":"01890000-0000-7000-8000-000000000003","status":"queued","bot":"default","method":"sendMessage","chat_id":42,"ref":"old","at":"2026-11-24T09:25:48.811Z"}');
INSERT INTO public.idempotency_keys VALUES ('http', 'k', 'f', '[]', 'done', 1, 9999999999999);
INSERT INTO public.messages VALUES ('01890000-0000-7000-8000-000000000001', 'default', 'sendMessage', '42', 'sent', NULL, 'old', 1795512348811, 1795512348815, NULL, 0, '[17]', '{"version":1,"id":"01890000-0000-7000-8000-000000000001","bot":"default","method":"sendMessage","payload":{"chat_id":42,"text":"hello"},"chat_id":42,"priority":"normal","on_uncertain":"resend","created_at":1795512348811,"ref":"old"}', NULL);
INSERT INTO public.messages VALUES ('01890000-0000-7000-8000-000000000002', 'default', 'sendMessage', '42', 'failed', 'bot_blocked', 'old', 1795512348811, 1795512348820, NULL, 0, NULL, '{"version":1,"id":"01890000-0000-7000-8000-000000000002","bot":"default","method":"sendMessage","payload":{"chat_id":42,"text":"hello"},"chat_id":42,"priority":"normal","on_uncertain":"resend","created_at":1795512348811,"ref":"old"}', NULL);
INSERT INTO public.messages VALUES ('01890000-0000-7000-8000-000000000003', 'default', 'sendMessage', '42', 'queued', NULL, 'old', 1795512348811, 1795512348811, NULL, 0, NULL, '{"version":1,"id":"01890000-0000-7000-8000-000000000003","bot":"default","method":"sendMessage","payload":{"chat_id":42,"text":"hello"},"chat_id":42,"priority":"normal","on_uncertain":"resend","created_at":1795512348811,"ref":"old"}', NULL);
INSERT INTO public.migrations VALUES ('0001-record', 1795512348791);
INSERT INTO public.webhooks VALUES ('old', 'https://example.org/', '["sent"]', '42', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 1, 2, 0, 0, NULL, NULL, NULL);
SELECT pg_catalog.setval('public.events_seq_seq', 5, true);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT attempts_key PRIMARY KEY (message_id, at);
ALTER TABLE ONLY public.chats
    ADD CONSTRAINT chats_key PRIMARY KEY (bot, chat_id);
ALTER TABLE ONLY public.cursors
    ADD CONSTRAINT cursors_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_key PRIMARY KEY (scope, key);
ALTER TABLE ONLY public.leases
    ADD CONSTRAINT leases_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_pkey PRIMARY KEY (name);
CREATE INDEX dead_letters_by_time ON public.dead_letters USING btree (failed_at);
CREATE INDEX idempotency_keys_by_end ON public.idempotency_keys USING btree (expires_at);
CREATE INDEX messages_by_chat ON public.messages USING btree (chat_id, id);
CREATE INDEX messages_by_ref ON public.messages USING btree (ref, id) WHERE (ref IS NOT NULL);
CREATE INDEX messages_by_status ON public.messages USING btree (status, id);
