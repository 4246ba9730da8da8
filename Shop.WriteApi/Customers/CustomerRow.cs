using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Customers;

internal sealed class CustomerRow : IEntityTypeConfiguration<CustomerRow>
{
    public Guid Id { get; init; }

    /// <summary>Rises by one with each change. Orders store the version whose data they carry.</summary>
    public long Version { get; set; } = 1;

    public string Name { get; set; } = "";

    public string Email { get; set; } = "";

    public string Country { get; set; } = "";

    /// <summary>When the personal data was replaced; null if it was not.</summary>
    public DateTimeOffset? ErasedAt { get; set; }

    /// <returns>False if it was erased before.</returns>
    public bool Erase(DateTimeOffset now)
    {
        if (ErasedAt is not null)
            return false;
        Version++;
        ErasedAt = now;
        (_, Name, Email, _) = Erased.Customer(Id, Country);
        return true;
    }

    /// <returns>False if nothing differs; the version then stays.</returns>
    /// <exception cref="OrderRuleException">The customer was erased.</exception>
    public bool Change(CustomerRequest request)
    {
        if (ErasedAt is not null)
            throw OrderRules.IsErased();
        var changed = (request.Name!, request.Email!, request.Country!);
        if ((Name, Email, Country) == changed)
            return false;
        Version++;
        (Name, Email, Country) = changed;
        return true;
    }

    public JsonResponse ToResponse() => JsonResponse.Of(
        StatusCodes.Status200OK, new(Id, Name, Email, Country), CustomersJson.Wire.OrderCustomer, Version);

    public void Configure(EntityTypeBuilder<CustomerRow> builder)
    {
        builder.ToTable("customers", table =>
        {
            table.HasCheckConstraint("ck_customers_version", "version >= 1");
            table.HasCheckConstraint("ck_customers_name", "name <> ''");
            table.HasCheckConstraint("ck_customers_country", "country ~ '^[A-Z]{2}$'");
        });
        builder.Property(customer => customer.Id).ValueGeneratedNever();
        builder.Property(customer => customer.Version).IsConcurrencyToken();
        builder.Property(customer => customer.Name).HasMaxLength(Limits.Name);
        builder.Property(customer => customer.Email).HasMaxLength(Limits.Email);
        builder.Property(customer => customer.Country).HasMaxLength(Limits.Country);
    }
}
