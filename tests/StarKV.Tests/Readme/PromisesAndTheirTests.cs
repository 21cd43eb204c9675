using System.Text.RegularExpressions;

namespace StarKV.Tests.Readme;

/// <summary>Each promise of SECURITY.md and each row of docs/reliability.md names the tests that hold it, and those exist.</summary>
public sealed partial class PromisesAndTheirTests
{
    private static readonly string s_root = RepositoryFiles.Path();
    private static readonly Lazy<string> s_tests = new(() => string.Concat(Sources("tests").Select(f => f.Text)));

    [Theory]
    [InlineData("SECURITY.md", 20)]
    [InlineData("docs/reliability.md", 14)]
    public void Every_row_names_tests_that_exist(string page, int rows)
    {
        var held = RowsHeldByTests(RepositoryText.Read(page).Split('\n')).ToList();
        Assert.True(held.Count >= rows, $"{page} has {held.Count} rows under a last column \"held by\", not {rows} or more.");
        Assert.All(held, row =>
        {
            var names = Name().Matches(row.Split('|')[^2]).Select(m => m.Groups[1].Value).ToList();
            Assert.True(names.Count > 0, $"{page}: no test is named in: {row}");
            Assert.All(names, name => Assert.True(Exists(name), $"{page} names the test {name}, which does not exist."));
        });
    }

    // "No network but pull" as far as source can show it. Names of the runtime that open a connection or listen.
    [Fact]
    public void Connections_are_opened_by_the_hub_alone()
        => Assert.All(Programs().Where(f => Connection().IsMatch(f.Text)), f => Assert.StartsWith("src/StarKV.Hub/", f.Path, StringComparison.Ordinal));

    // Each with what it starts: programs of the machine or of ours, never a name that came from a model, a file or an answer.
    private static readonly Dictionary<string, string> s_starts = new()
    {
        ["src/StarKV.Cli/Commands/Eval/ShardProcesses.cs"] = "this command, once for each device of a run",
        ["src/StarKV.Cli/Commands/Doctor/NativeExamination.cs"] = "this command, to look at native libraries where a crash ends nobody else",
        ["src/StarKV.Evaluation/Runs/RunEnvironment.cs"] = "nvidia-smi, for the cards in a run's manifest",
    };

    [Fact]
    public void Programs_are_started_in_named_places_alone()
        => Assert.Equal(s_starts.Keys.Order(), Programs().Where(f => Start().IsMatch(f.Text)).Select(f => f.Path).Order());

    [Fact]
    public void Nothing_that_was_read_becomes_code()
        => Assert.All(Programs(), f => Assert.DoesNotMatch(CodeFromData(), f.Text));

    private static bool Exists(string name)
    {
        var parts = name.Split('.');
        return Regex.IsMatch(s_tests.Value, $@"\bclass {parts[0]}\b") && (parts.Length == 1 || Regex.IsMatch(s_tests.Value, $@"\b{parts[1]}\("));
    }

    private static IEnumerable<string> RowsHeldByTests(IEnumerable<string> lines)
    {
        var inside = false;
        foreach (var line in lines)
        {
            var header = line.EndsWith("| held by |", StringComparison.Ordinal);
            if (inside && !header && line.StartsWith('|') && !line.StartsWith("|---", StringComparison.Ordinal))
                yield return line;
            inside = header || (inside && line.StartsWith('|'));
        }
    }

    private static IEnumerable<(string Path, string Text)> Programs()
        => RepositoryFiles.Sources().Select(path => (path, File.ReadAllText(RepositoryFiles.Path(path))));

    private static IEnumerable<(string Path, string Text)> Sources(string folder)
        => Directory.EnumerateFiles(Path.Combine(s_root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(f => (Path: Path.GetRelativePath(s_root, f).Replace('\\', '/'), Full: f))
            .Where(f => !f.Path.Contains("/obj/", StringComparison.Ordinal) && !f.Path.Contains("/bin/", StringComparison.Ordinal))
            .Select(f => (f.Path, File.ReadAllText(f.Full)));

    [GeneratedRegex(@"`(\w+(?:\.\w+)?)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"\b(?:HttpClient|HttpMessageInvoker|SocketsHttpHandler|WebRequest|WebClient|new Socket|TcpClient|TcpListener|UdpClient|HttpListener|Dns|NetworkStream)\b(?!Exception)")]
    private static partial Regex Connection();

    [GeneratedRegex(@"Process\.Start|new ProcessStartInfo|new Process\b")]
    private static partial Regex Start();

    [GeneratedRegex(@"Assembly\.Load|LoadFromAssembly|LoadFromStream|BinaryFormatter|CSharpScript|DynamicMethod|Activator\.CreateInstance|torch\.load|jit\.load|TypeNameHandling")]
    private static partial Regex CodeFromData();
}
