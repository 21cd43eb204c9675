using System.Reflection;
using System.Text.RegularExpressions;
using StarKV.Kernels;
using StarKV.Runtime;

namespace StarKV.Tests.Kernels;

/// <summary>
/// What the room of the kernels promises: a launcher for each source, its plain twins named, untyped arguments kept inside.
/// </summary>
public sealed partial class KernelRoomTests
{
    private const BindingFlags Any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly string s_room = RepositoryFiles.Path("src", "StarKV", "Kernels");

    [Fact]
    public void Every_source_is_compiled_and_lies_next_to_its_launcher()
    {
        var sources = Files("*.cu").Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(KernelSources.Names.Order(StringComparer.Ordinal), sources.Order(StringComparer.Ordinal));
        Assert.All(KernelSources.Names, name => Assert.Equal(Text($"{name}.cu"), KernelSources.Read(name)));
        Assert.All(KernelSources.Names.Skip(1), name => Assert.True(File.Exists(Path.Combine(s_room, $"{name}.cs")), name));
        Assert.Equal(KernelSources.Names.Sum(n => KernelSources.Read(n).Length), KernelSources.All.Length);
        Assert.StartsWith(KernelSources.Read("Numbers"), KernelSources.All, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_launch_names_its_plain_twin()
    {
        var script = File.ReadAllText(RepositoryFiles.Path("src", "StarKV", "Runtime", "TorchOps.py"));
        var operations = Operation().Matches(script).Select(m => m.Groups[1].Value).ToHashSet();
        var types = typeof(TorchOps).Assembly.GetTypes().ToLookup(t => t.Name);
        foreach (var launcher in KernelSources.Names.Skip(1))
        {
            var code = Text($"{launcher}.cs");
            var twins = Twin().Matches(code).Select(m => Names().Matches(m.Value).Select(n => n.Groups[1].Value).ToList()).ToList();
            Assert.Equal(Launch().Count(code), twins.Count);
            Assert.All(twins, Assert.NotEmpty);
            Assert.Equal("", string.Join('\n', twins.SelectMany(t => t).Where(name => !Exists(name))));
        }

        bool Exists(string name) => name.Split('.') is [var type, var member]
            ? types[type].Any(t => t.GetMember(member, Any).Length > 0)
            : operations.Contains(name);
    }

    [Fact]
    public void Untyped_arguments_stay_in_the_room()
    {
        var outside = Directory.EnumerateFiles(RepositoryFiles.Path("src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.StartsWith(s_room, StringComparison.Ordinal) && Untyped().IsMatch(File.ReadAllText(f)));
        Assert.Empty(outside);
        Assert.Contains(Files("*.cs"), f => Untyped().IsMatch(File.ReadAllText(f)));
    }

    private static string Text(string file) => File.ReadAllText(Path.Combine(s_room, file));

    private static string[] Files(string pattern) => Directory.GetFiles(s_room, pattern);

    [GeneratedRegex(@"^def (\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Operation();

    [GeneratedRegex(@"/// <remarks>\s*(///\s*)?Plain twins?\b(?:(?!</remarks>)[\s\S])*")]
    private static partial Regex Twin();

    [GeneratedRegex(@"<c>([\w.]+)</c>")]
    private static partial Regex Names();

    [GeneratedRegex(@"^    public static void ", RegexOptions.Multiline)]
    private static partial Regex Launch();

    [GeneratedRegex(@"\b(KernelArgument|KernelDriver|KernelModule)\b")]
    private static partial Regex Untyped();
}
