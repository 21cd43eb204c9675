using System.CommandLine;
using System.Text.RegularExpressions;
using StarKV.Cli.Help;

namespace StarKV.Cli.Tests.Issues;

/// <summary><c>--profile [default: Strict]</c>, of which only <c>strict</c> was accepted; <c>--screens [default: 1|5]</c>, which is typed <c>1 5</c>; <c>--size &lt;size&gt;</c>.</summary>
public sealed partial class NamesAndDefaultsHadSeveralSpellings
{
    [Fact]
    public void Names_of_verbs_and_options_are_lower_case_with_hyphens()
    {
        Assert.True(CommandTree.Options.Count > 150, $"{CommandTree.Options.Count} options");
        Assert.All(CommandTree.Options, o => Assert.Matches("^--[a-z]+(-[a-z]+)*$", o.Option.Name));
        Assert.All(CommandTree.Verbs, v => Assert.Matches("^([a-z0-9]+(-[a-z0-9]+)*( |$))*$", v.Verb));
    }

    [Fact]
    public void What_an_option_takes_has_a_name_in_capitals() => Assert.All(
        CommandTree.Options.Where(o => o.Option.ValueType != typeof(bool)),
        o => Assert.Matches("^[A-Z][A-Za-z]*([ /=][A-Z]+)?$", o.Option.HelpName ?? $"{o.Verb} {o.Option.Name} has none"));

    [Fact]
    public void Every_default_that_help_shows_is_accepted_as_it_is_shown_and_means_the_default()
    {
        var shown = 0;
        foreach (var (verb, option) in CommandTree.Options)
        {
            if (HelpPage.Default(option) is not { Length: > 0 } text)
                continue;
            shown++;
            var parsed = CommandTree.Parse([.. verb.Split(' '), option.Name, .. text.Split(' ')]);
            Assert.Equal([], parsed.Errors.Where(e => e.SymbolResult is System.CommandLine.Parsing.OptionResult r && r.Option == option).Select(e => $"{verb}: {e.Message}"));
            Assert.Equal([], parsed.UnmatchedTokens);
            Assert.Equivalent(option.GetDefaultValue(), Value(parsed, option));
        }

        Assert.True(shown > 100, $"{shown} defaults");
    }

    [Fact]
    public void Defaults_have_the_spelling_of_names() => Assert.All(
        CommandTree.Options.Where(o => Type(o.Option).IsEnum), o => Assert.Matches("^[a-z0-9-]*$", HelpPage.Default(o.Option) ?? ""));

    [Fact]
    public async Task Help_is_written_by_one_formatter()
    {
        foreach (var (verb, command) in CommandTree.Verbs)
        {
            var help = (await CommandRun.Of([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"])).Out;
            Assert.DoesNotMatch(@"\[default: [^\]]*\|", help);
            Assert.All(command.Options.Select(HelpPage.Default).OfType<string>(), text => Assert.Contains($"[default: {text}]", Blanks().Replace(help, " "), StringComparison.Ordinal));
        }

        Assert.Contains("  methods [<NAME>] ", (await CommandRun.Of("--help")).Out, StringComparison.Ordinal);
        Assert.Contains("[default: 1 5]", (await CommandRun.Of("starkv-bench", "prefill", "--help")).Out, StringComparison.Ordinal);
        Assert.Contains("[default: strict]", (await CommandRun.Of("eval", "mind2web", "--help")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("starkv minigui draw --split Test --sheet x.png")]
    [InlineData("starkv minigui draw --form FIRST --sheet x.png")]
    [InlineData("starkv eval screenspot-v2 --profile gui-kv")]
    [InlineData("starkv eval androidcontrol --level Low --family UITARS --match Bytes --memory Session --convention IMAGE")]
    [InlineData("starkv inspect --match BYTES")]
    public void Names_are_read_in_any_case(string line) => Assert.Empty(CommandTree.Parse(line).Errors);

    [Theory]
    [InlineData("starkv minigui draw --split 1 --sheet x.png", "--split is '1'")]
    [InlineData("starkv eval screenspot-v2 --profile official", "it must be guikv, starkv or strict")]
    [InlineData("starkv eval minigui --match tokens,bytes", "it must be tokens or bytes")]
    public void Other_values_are_refused_and_the_names_listed(string line, string said) =>
        Assert.Contains(said, Assert.Single(CommandTree.Parse(line).Errors).Message, StringComparison.Ordinal);

    [Fact]
    public void Number_types_are_written_in_one_way_everywhere()
    {
        Assert.Equal(("float32", "bfloat16"), (Names.Of(TorchSharp.torch.ScalarType.Float32), Names.Of(TorchSharp.torch.ScalarType.BFloat16)));
        // No value of JSON is made by ToString of an enumeration or a number type.
        string[] folders = [RepositoryFiles.Path("src", "StarKV.Cli"), RepositoryFiles.Path("bench", "StarKV.Bench")];
        var sources = folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal));
        Assert.All(sources, file => Assert.DoesNotMatch(@"(DType|Severity|Finish)\.ToString\(\)", File.ReadAllText(file)));
    }

    private static Type Type(Option option) => Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;

    private static object? Value(ParseResult parsed, Option option) =>
        typeof(ParseResult).GetMethods().Single(m => m.Name == nameof(ParseResult.GetValue) && m.GetParameters()[0].ParameterType.Name.StartsWith("Option", StringComparison.Ordinal))
            .MakeGenericMethod(option.ValueType).Invoke(parsed, [option]);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
