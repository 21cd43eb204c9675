using System.Globalization;
using System.Text;
using StarKV.Models;
using StarKV.Score;

namespace StarKV.Tests.Readme;

/// <summary>What the docs say of methods and bytes is what the code says. With STARKV_UPDATE_DOCS=1 the tables are written instead of compared.</summary>
public sealed class GeneratedDocsTests
{
    private const string UpdateVariable = "STARKV_UPDATE_DOCS";

    [Fact]
    public void Method_tables_are_up_to_date()
    {
        Check("docs/methods.md", "methods", MethodTable());
        foreach (var method in Methods.All)
        {
            Check("docs/methods.md", method.Name, Facts(method), NewSection(method));
            if (method.Options.Count > 0)
                Check("docs/methods.md", $"{method.Name} options", OptionTable(method));
        }
    }

    [Fact]
    public void Byte_tables_are_up_to_date() => Check("docs/memory.md", "bytes", ByteTable());

    [Fact]
    public void What_fits_is_up_to_date() => Check("docs/memory.md", "fits", FitsTable.Make());

    [Fact]
    public void Bytes_a_token_in_the_readme_are_what_the_7B_shape_gives() =>
        Assert.Contains(FormattableString.Invariant($"**{BytesPerToken(ModelRegistry.Shape("7b")):N0} bytes**"), RepositoryText.Read("README.md"), StringComparison.Ordinal);

    [Fact]
    public void Measurements_in_the_readme_are_those_of_the_newest_result() => Check("README.md", "measurements", ResultTable.Make());

    [Fact]
    public void Clients_in_the_docs_are_those_of_their_result() => Check("docs/server.md", "clients", ClientTable.Make());

    [Fact]
    public void Attention_in_parts_in_the_docs_is_that_of_its_result() => Check("docs/sessions.md", "attention in parts", PartsTable.Make());

    [Fact]
    public void Kernels_of_a_step_in_the_docs_are_those_of_their_profile() => Check("docs/sessions.md", "kernels of a step", StepKernelsTable.Make());

    [Fact]
    public void Storages_in_the_docs_are_those_of_their_result() => Check("docs/sessions.md", "session storages", StorageTable.Make());

    [Fact]
    public void Right_answers_of_sessions_are_those_of_their_page() => Check("docs/sessions.md", "session answers", SessionAnswersTable.Make());

    [Fact]
    public void Steps_on_the_cpu_in_the_docs_are_those_of_their_result() => Check("docs/sessions.md", "session steps on the cpu", CpuStepTable.Make());

    [Fact]
    public void Right_answers_with_probe_in_the_docs_are_those_of_their_pages()
    {
        Check("docs/methods.md", "probe accuracy", AccuracyTable.Of("docs/results-probe.md"));
        Check("docs/methods.md", "probe limits", AccuracyTable.Of("docs/results-probe-limits.md"));
        Check("docs/sessions.md", "session answers with probe", AccuracyTable.Of("docs/results-sessions-probe.md"));
    }

    [Fact]
    public void Saved_sessions_in_the_docs_are_those_of_their_result() => Check("docs/sessions.md", "session files", SaveTable.Make());

    [Fact]
    public void Agents_that_share_a_model_in_the_docs_are_those_of_their_result() => Check("docs/engine.md", "serve", ServeTable.Make());

    [Fact]
    public void Steps_of_episodes_in_the_docs_are_those_of_their_page() => Check("docs/minigui.md", "episode steps", EpisodeTable.Make());

    [Fact]
    public void Growth_in_the_docs_is_that_of_its_result() => Check("docs/sessions.md", "session growth", GrowthTable.Make());

    [Fact]
    public void Sessions_in_the_docs_are_those_of_their_result() => Check("docs/performance.md", "sessions", SessionTable.Make());

    [Fact]
    public void Figures_of_reliability_are_those_of_their_results()
    {
        Assert.NotEmpty(ReliabilityTables.Names);
        Assert.All(ReliabilityTables.Names, name => Check("docs/reliability.md", $"reliability {name}", ReliabilityTables.Make(name)));
    }

    private static string MethodTable()
    {
        var table = new StringBuilder("| method | source | layer budget | what it does |\n|---|---|---|---|\n");
        foreach (var method in Methods.All)
            table.Append($"| [`{method.Name}`](#{method.Name}) | {method.Paper} | {Budget(method)} | {method.Summary} |\n");
        return table.ToString();
    }

    private static string Budget(MethodEntry method) => method.Create(new Dictionary<string, string>()).LayerBudget.Name;

    private static string Facts(MethodEntry method) =>
        $"{method.Summary}\n\n" +
        (method.PaperLink is { } link ? $"- paper: [{method.Paper}]({link})\n" : "") +
        $"- layer budget: [{Budget(method)}](#{Budget(method)})\n- selection: {method.Selection}\n" +
        (method.Options.Count == 0 ? "- options: none\n" : "");

    /// <summary>What a method that was registered just now gets in the page, before its blocks are filled.</summary>
    private static string NewSection(MethodEntry method) =>
        $"## {method.Name}\n\n{Empty(method.Name)}\n" + (method.Options.Count > 0 ? $"{Empty($"{method.Name} options")}\n" : "");

    private static string Empty(string block) => $"<!-- generated: {block} -->\n<!-- /generated -->\n";

    private static string OptionTable(MethodEntry method)
    {
        var table = new StringBuilder("| option | default | accepted | meaning |\n|---|---|---|---|\n");
        foreach (var option in method.Options)
            table.Append($"| `{option.Name}` | {option.Default} | {option.Bounds} | {option.Meaning} |\n");
        return table.ToString();
    }

    private static string ByteTable()
    {
        var table = new StringBuilder("| shape | layers | query heads | KV heads | head size | bytes per token, bf16 | at 20 % |\n|---|---|---|---|---|---|---|\n");
        foreach (var (_, name, config) in ModelRegistry.Shapes)
        {
            var (text, bytes) = (config.Text, BytesPerToken(config));
            table.Append(CultureInfo.InvariantCulture, $"| {name} | {text.Layers} | {text.Heads} | {text.KvHeads} | {text.HeadDim} | {bytes:N0} | {bytes / 5.0:N1} |\n");
        }

        return table.ToString();
    }

    private static long BytesPerToken(ModelConfig config) => 2L * config.Text.Layers * config.Text.KvHeads * config.Text.HeadDim * 2;

    private static void Check(string file, string block, string expected, string? section = null)
    {
        var (page, update) = (RepositoryText.Read(file), Environment.GetEnvironmentVariable(UpdateVariable) == "1");
        var (open, close) = ($"<!-- generated: {block} -->\n", "<!-- /generated -->");
        if (update && section is not null && !page.Contains(open, StringComparison.Ordinal))
            page = page.Replace("\n## Layer budgets\n", $"\n{section}## Layer budgets\n", StringComparison.Ordinal);
        var start = page.IndexOf(open, StringComparison.Ordinal);
        Assert.True(start >= 0, $"{file} has no block '{block}'.");
        start += open.Length;
        var end = page.IndexOf(close, start, StringComparison.Ordinal);
        Assert.True(end >= 0, $"The block '{block}' of {file} does not end.");
        if (update)
            File.WriteAllText(RepositoryFiles.Path(file), page[..start] + expected + page[end..]);
        else
            Assert.True(page[start..end] == expected, $"The block '{block}' of {file} is out of date; run eng/update-readme.sh.");
    }
}
