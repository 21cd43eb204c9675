using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace StarKV.Tests.Issues;

/// <summary>
/// Reliability F14: no lock file held the packages by hash, and THIRD-PARTY.md lacked two that were referenced.
/// </summary>
public sealed partial class PackagesWithoutARecord
{
    private static readonly string s_root = RepositoryFiles.Path();

    [Fact]
    public void Every_project_has_a_lock_file()
    {
        Assert.Contains("<RestorePackagesWithLockFile>true<", File.ReadAllText(Path.Combine(s_root, "Directory.Build.props")), StringComparison.Ordinal);
        Assert.All(Projects(), p => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(p)!, "packages.lock.json")), $"{p} has no packages.lock.json."));
    }

    [Fact]
    public void Every_package_has_its_hash()
        => Assert.All(Projects().SelectMany(Packages), p => Assert.True(p.Hash is { Length: 88 }, $"{p.Name} has no SHA-512 in a lock file."));

    [Fact]
    public void Third_party_lists_the_packages_that_are_restored_and_no_others()
    {
        var shipped = Projects().Where(p => !IsTest(p)).SelectMany(Packages).Select(p => $"{p.Name} {p.Version}").Distinct().Order().ToList();
        var restored = Projects().SelectMany(Packages).Select(p => $"{p.Name} {p.Version}").Distinct().Order().ToList();

        Assert.Equal(shipped, Listed("## Packages the library and the command need").Select(l => l.Package).Order());
        Assert.Equal(restored.Except(shipped), Listed("## Packages the tests need").Select(l => l.Package).Order());
    }

    [Fact]
    public void Third_party_names_the_licence_that_a_package_states()
    {
        var folders = PackageFolders();
        var listed = Listed("## Packages the library and the command need").Concat(Listed("## Packages the tests need")).ToList();
        Assert.NotEmpty(listed);
        Assert.All(listed, l =>
        {
            var (name, version) = (l.Package.Split(' ')[0], l.Package.Split(' ')[1]);
            var nuspec = folders.Select(f => Path.Combine(f, name.ToLowerInvariant(), version, $"{name.ToLowerInvariant()}.nuspec")).First(File.Exists);
            var stated = XDocument.Load(nuspec).Descendants().FirstOrDefault(e => e.Name.LocalName == "license" && (string?)e.Attribute("type") == "expression");
            // A package with a licence file instead of an expression is read by people.
            if (stated is not null)
                Assert.Contains(stated.Value, l.Licence, StringComparison.Ordinal);
        });
    }

    private static List<string> Projects()
        => [.. new[] { "src", "tests", "eng", "bench", "samples" }.SelectMany(f => Directory.EnumerateFiles(Path.Combine(s_root, f), "*.csproj", SearchOption.AllDirectories)).Order()];

    private static bool IsTest(string project) => Path.GetRelativePath(s_root, project).StartsWith("tests", StringComparison.Ordinal);

    private static List<(string Name, string Version, string? Hash)> Packages(string project)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")));
        return [.. file.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(f => f.Value.EnumerateObject())
            .Where(p => p.Value.GetProperty("type").GetString() != "Project")
            .Select(p => (p.Name, p.Value.GetProperty("resolved").GetString()!, p.Value.GetProperty("contentHash").GetString()))];
    }

    // The folders that this project's own packages were restored to.
    private static List<string> PackageFolders()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(s_root, "tests", "StarKV.Tests", "obj", "project.assets.json")));
        return [.. file.RootElement.GetProperty("packageFolders").EnumerateObject().Select(f => f.Name)];
    }

    private static List<(string Package, string Licence)> Listed(string heading)
    {
        var lines = File.ReadLines(Path.Combine(s_root, "THIRD-PARTY.md")).SkipWhile(l => l != heading).Skip(1).TakeWhile(l => !l.StartsWith("## ", StringComparison.Ordinal));
        return [.. lines.Where(l => l.StartsWith('|') && !l.StartsWith("| npm ", StringComparison.Ordinal)).Select(l => l.Split('|'))
            .SelectMany(cells => Package().Matches(cells[1]).Select(m => (m.Value, cells[2])))];
    }

    [GeneratedRegex(@"[A-Za-z][\w.-]+ \d+\.\d+[\w.-]*")]
    private static partial Regex Package();
}
