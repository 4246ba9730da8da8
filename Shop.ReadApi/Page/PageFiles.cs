using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace Shop.ReadApi.Page;

/// <summary>
/// The page's files. They are served below a path with a hash of all of them, so that a browser may keep them forever:
/// modules import each other by relative paths, which stay below that path.
/// </summary>
internal sealed class PageFiles(IWebHostEnvironment environment)
{
    private const string Index = "index.html";
    private const int HashLength = 16;

    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    private readonly IFileProvider _files = environment.WebRootFileProvider;
    private readonly Lazy<string> _hash = new(() => Hash(environment.WebRootFileProvider));

    /// <summary>Hash of all files; in development they change while somebody works on the page.</summary>
    public string CurrentHash => environment.IsDevelopment() ? Hash(_files) : _hash.Value;

    /// <summary>The page's document, whose links are below the current path.</summary>
    public async Task<string> ReadIndexAsync(CancellationToken cancellationToken)
    {
        await using var stream = _files.GetFileInfo(Index).CreateReadStream();
        using var reader = new StreamReader(stream);
        var html = await reader.ReadToEndAsync(cancellationToken);
        return html.Replace("{base}", $"{PageApi.Path}/{CurrentHash}", StringComparison.Ordinal);
    }

    /// <returns>Null if there is no such file.</returns>
    public (IFileInfo File, string ContentType)? Find(string path) =>
        _files.GetFileInfo(path) is { Exists: true, IsDirectory: false } file
            && path != Index && ContentTypes.TryGetContentType(path, out var type)
            ? (file, type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type)
            : null;

    private static string Hash(IFileProvider files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, files, "");
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..HashLength];
    }

    private static void Append(IncrementalHash hash, IFileProvider files, string folder)
    {
        foreach (var file in files.GetDirectoryContents(folder).OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            var path = $"{folder}/{file.Name}";
            if (file.IsDirectory)
            {
                Append(hash, files, path);
                continue;
            }

            using var stream = file.CreateReadStream();
            hash.AppendData(Encoding.UTF8.GetBytes(path));
            hash.AppendData(SHA256.HashData(stream));
        }
    }
}
