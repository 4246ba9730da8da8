using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Shop.ServiceDefaults.Security;
using Shop.WriteApi.Database;

namespace Shop.WriteApi.Customers;

/// <summary>A customer's newest data, or their erasure, which the orders do not have yet.</summary>
internal static class PendingCustomerChange
{
    /// <summary>Adds the change in the caller's transaction. It takes the place of one that is still pending.</summary>
    public static Task<int> AddPendingChangeAsync(
        this ShopDbContext context, CustomerRow customer, Caller caller, CancellationToken cancellationToken) =>
        context.Database.ExecuteSqlAsync(
            $"""
            insert into customer_changes (customer_id, customer_version, traceparent, actor_subject, actor_role)
            values ({customer.Id}, {customer.Version}, {Activity.Current?.Id}, {caller.Subject}, {caller.ActingRole})
            on conflict (customer_id) do update set customer_version = excluded.customer_version,
                traceparent = excluded.traceparent, actor_subject = excluded.actor_subject,
                actor_role = excluded.actor_role, attempts = 0, last_error = null, next_attempt_at = now()
            """,
            cancellationToken);
}
