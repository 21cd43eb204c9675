using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace StarKV.Cli.Tests.Hub;

/// <summary>"No network but <c>pull</c>" as the built libraries show it: what they reference of the runtime.</summary>
public sealed class LibrariesWithoutNetwork
{
    /// <summary>Libraries of addresses and texts, which open no connection.</summary>
    private static readonly string[] s_harmless = ["System.Net.Primitives"];

    [Fact]
    public void The_engine_references_no_library_that_opens_connections() => Assert.Empty(Networking("StarKV"));

    // The command has it do so, by a constructor that names no type of the runtime's.
    [Fact]
    public void The_hub_alone_references_them()
    {
        var libraries = Directory.EnumerateFiles(AppContext.BaseDirectory, "StarKV*.dll").Select(f => Path.GetFileNameWithoutExtension(f))
            .Where(name => !name.EndsWith(".Tests", StringComparison.Ordinal)).Append("starkv-bench").ToList();
        Assert.Contains("StarKV.Evaluation", libraries);
        Assert.Equal(["StarKV.Hub"], libraries.Where(name => Networking(name).Count > 0));
        Assert.Contains("System.Net.Http", Networking("StarKV.Hub"));
    }

    [Fact]
    public void The_server_alone_listens() => Assert.Equal(
        ["StarKV.Server"],
        Directory.EnumerateFiles(AppContext.BaseDirectory, "StarKV*.dll").Select(f => Path.GetFileNameWithoutExtension(f))
            .Where(name => !name.EndsWith(".Tests", StringComparison.Ordinal) && References(name).Any(r => r.StartsWith("Microsoft.AspNetCore.Server", StringComparison.Ordinal))));

    private static List<string> Networking(string library) => [.. References(library)
        .Where(name => name.StartsWith("System.Net.", StringComparison.Ordinal) && !s_harmless.Contains(name)).Order(StringComparer.Ordinal)];

    private static List<string> References(string library)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{library}.dll")));
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name))];
    }
}
