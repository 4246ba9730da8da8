namespace Shop.ReadModel.Elasticsearch.Writing;

/// <summary>Which stored version a document replaces.</summary>
internal enum VersionGuard
{
    /// <summary>None or an older one: <c>version_type=external</c>.</summary>
    IfNewer,

    /// <summary>None, an older one or the same: <c>version_type=external_gte</c>.</summary>
    UnlessOlder,
}
