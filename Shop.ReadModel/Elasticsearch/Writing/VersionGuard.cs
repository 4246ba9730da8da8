namespace Shop.ReadModel.Elasticsearch.Writing;

/// <summary>The stored versions that a document replaces.</summary>
internal enum VersionGuard
{
    /// <summary>An older version, or none: <c>version_type=external</c>.</summary>
    IfNewer,

    /// <summary>An older or equal version, or none: <c>version_type=external_gte</c>.</summary>
    UnlessOlder,
}
