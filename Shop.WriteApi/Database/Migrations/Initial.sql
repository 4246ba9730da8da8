-- The tables that are read and written with SQL of their own. The names of constraints are part of the code.

create table database_identity (id uuid not null);
insert into database_identity (id) values (gen_random_uuid());

create table customer_changes (
    customer_id uuid not null constraint pk_customer_changes primary key
        constraint fk_customer_changes_customers_customer_id references customers (id) on delete cascade,
    customer_version bigint not null,
    attempts integer not null default 0,
    next_attempt_at timestamptz not null default now(),
    last_error text,
    traceparent text
);
create index ix_customer_changes_next_attempt_at on customer_changes (next_attempt_at);

create table orders (
    id uuid not null constraint pk_orders primary key,
    number text not null,
    version bigint not null constraint ck_orders_version check (version >= 1),
    status text not null constraint ck_orders_status
        check (status in ('placed', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded')),
    customer_id uuid not null constraint fk_orders_customers_customer_id references customers (id) on delete restrict,
    customer_version bigint not null,
    customer_name varchar(200) not null,
    customer_email varchar(254) not null,
    customer_country varchar(2) not null,
    currency varchar(3) not null constraint ck_orders_currency check (currency ~ '^[A-Z]{3}$'),
    total bigint not null constraint ck_orders_total check (total between 0 and 999999999999999),
    paid bigint,
    refunded bigint,
    recipient varchar(200) not null,
    street varchar(200) not null,
    postal_code varchar(20) not null,
    city varchar(100) not null,
    country varchar(2) not null,
    note varchar(2000),
    placed_at timestamptz not null,
    updated_at timestamptz not null,
    constraint ck_orders_times check (updated_at >= placed_at),
    constraint ck_orders_paid check (
        case when paid is null then status in ('placed', 'cancelled') else paid = total and status <> 'placed' end),
    constraint ck_orders_refunded check (refunded is null or (paid is not null and refunded between 1 and paid)),
    constraint ck_orders_refunded_whole check (
        status = 'cancelled' or (status = 'refunded') = (refunded is not null and refunded = paid))
);
create unique index ix_orders_number on orders (number);
create index ix_orders_customer_id_customer_version on orders (customer_id, customer_version);

-- A line as it was ordered. The catalogue may have changed since, and an imported line need not be in it.
create table order_lines (
    order_id uuid not null constraint fk_order_lines_orders_order_id references orders (id) on delete restrict,
    position integer not null constraint ck_order_lines_position check (position between 1 and 200),
    sku varchar(64) not null,
    name varchar(200) not null,
    category varchar(100) not null,
    quantity integer not null constraint ck_order_lines_quantity check (quantity between 1 and 10000),
    unit_price bigint not null constraint ck_order_lines_unit_price check (unit_price between 0 and 999999999999999),
    constraint pk_order_lines primary key (order_id, position)
);

-- An order's timeline. It is kept when the outbox is pruned.
create table order_events (
    order_id uuid not null constraint fk_order_events_orders_order_id references orders (id) on delete restrict,
    version bigint not null constraint ck_order_events_version check (version >= 1),
    type text not null,
    occurred_at timestamptz not null,
    constraint pk_order_events primary key (order_id, version)
);

create table payments (
    order_id uuid not null constraint pk_payments primary key
        constraint fk_payments_orders_order_id references orders (id) on delete restrict,
    amount bigint not null constraint ck_payments_amount check (amount >= 0),
    currency varchar(3) not null,
    method varchar(50) not null,
    reference varchar(100) not null,
    paid_at timestamptz not null
);

-- A full or partial refund. Its version is that of the event that reports it.
create table refunds (
    order_id uuid not null constraint fk_refunds_payments_order_id references payments (order_id) on delete restrict,
    version bigint not null,
    amount bigint not null constraint ck_refunds_amount check (amount >= 1),
    currency varchar(3) not null,
    reason varchar(500),
    refunded_at timestamptz not null,
    constraint pk_refunds primary key (order_id, version)
);

create table shipments (
    order_id uuid not null constraint pk_shipments primary key
        constraint fk_shipments_orders_order_id references orders (id) on delete restrict,
    carrier varchar(100) not null,
    tracking_number varchar(100) not null,
    shipped_at timestamptz not null
);

-- Events on their way to Kafka. The relay reads the inserts from the write-ahead log; the id serves pruning only and
-- says nothing about the order of commits.
create table outbox (
    id bigint not null generated always as identity constraint pk_outbox primary key,
    order_id uuid not null,
    version bigint not null,
    type text not null,
    payload json not null,
    occurred_at timestamptz not null,
    traceparent text,
    tracestate text,
    constraint uq_outbox_order_id_version unique (order_id, version)
);

create table idempotency_keys (
    key varchar(255) not null constraint pk_idempotency_keys primary key,
    request_hash bytea not null,
    status smallint not null,
    content_type text not null,
    etag text,
    location text,
    body bytea not null,
    created_at timestamptz not null
);
create index ix_idempotency_keys_created_at on idempotency_keys (created_at);
