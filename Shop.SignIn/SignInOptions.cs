using System.ComponentModel.DataAnnotations;
using Shop.ServiceDefaults.Security;

namespace Shop.SignIn;

/// <summary>The configuration section <c>SignIn</c>. The host makes the secrets at its first start.</summary>
internal sealed class SignInOptions
{
    public const string Section = "SignIn";

    /// <summary>The address of this server, as services and browsers reach it.</summary>
    [Required]
    public required Uri Issuer { get; set; }

    /// <summary>The password of each of the sample people.</summary>
    [Required, MinLength(8)]
    public required string Password { get; set; }

    /// <summary>The secret of the client <c>projector</c>.</summary>
    [Required, MinLength(16)]
    public required string ProjectorSecret { get; set; }

    /// <summary>The secret of the client <c>scripts</c>, which gets tokens of any role.</summary>
    [Required, MinLength(16)]
    public required string ScriptsSecret { get; set; }

    /// <summary>The origins of the page, to which browsers return after the sign-in.</summary>
    [Required, MinLength(1)]
    public required Uri[] Pages { get; set; }
}

/// <summary>Somebody who can sign in.</summary>
internal sealed record Person(string Name, string Role, Guid? CustomerId, string Description)
{
    /// <summary>The customers are the first ones of the sample orders.</summary>
    public static IReadOnlyList<Person> All { get; } =
    [
        new("duc", Roles.Customer, new("c323f6fa-2804-84a7-a3d6-a1f332e6c366"), "Đức Nguyễn, a customer"),
        new("lukasz", Roles.Customer, new("77df4bf7-bdb6-80d3-9f55-8b45b80877d3"), "Łukasz Wójcik, a customer"),
        new("sam", Roles.Support, null, "Sam, support"),
        new("olga", Roles.Operator, null, "Olga, an operator"),
    ];
}
