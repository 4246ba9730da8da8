namespace Shop.ReadApi.Page;

/// <summary>The configuration section <c>Page</c>: addresses as the browser reaches them, each optional.</summary>
internal sealed class PageOptions
{
    public const string Section = "Page";

    /// <summary>The write API. Without it, the page only reads.</summary>
    public Uri? WriteApi { get; set; }

    /// <summary>The projector's admin port, for the pipeline view.</summary>
    public Uri? Projector { get; set; }

    /// <summary>The Aspire dashboard, for links to traces.</summary>
    public Uri? Dashboard { get; set; }

    /// <summary>The OpenID Connect authority where people sign in; without one, the page sends no tokens.</summary>
    public Uri? Authority { get; set; }

    public string ClientId { get; set; } = "shop-page";

    public string Scope { get; set; } = "openid profile";

    /// <summary>The origins that the page connects to, beside its own.</summary>
    public IEnumerable<string> Origins => new[] { WriteApi, Projector, Authority }
        .OfType<Uri>()
        .Select(address => address.GetLeftPart(UriPartial.Authority))
        .Distinct();
}
