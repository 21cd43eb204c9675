using System.Text.Json;
using StarKV.Act;
using StarKV.Text;

namespace StarKV.Tests.Act;

/// <summary>The answers of tests/vectors/cases/qwen3vl_parser_cases.json, each read by the parser of its model.</summary>
public sealed class Qwen3VlParserTests
{
    private static readonly JsonElement s_root = JsonDocument.Parse(
        File.ReadAllBytes(RepositoryFiles.Path("tests", "vectors", "cases", "qwen3vl_parser_cases.json"))).RootElement;

    public static TheoryData<string> Ids { get; } = [.. All.Select(c => c.GetProperty("id").GetString()!)];

    private static IEnumerable<JsonElement> All => s_root.GetProperty("cases").EnumerateArray();

    [Theory]
    [MemberData(nameof(Ids))]
    public void An_answer_is_read_as_the_case_says(string id)
    {
        var (parsed, coordinates, expected) = Read(id);

        var actions = expected.GetProperty("actions").EnumerateArray().ToList();
        Assert.Equal(actions.Count, parsed.Actions.Count);
        foreach (var (wanted, action) in actions.Zip(parsed.Actions)) SameAction(wanted, action, coordinates);
        Assert.Equal(Text(expected, "error"), parsed.Reason);
        Assert.Equal(Text(expected, "thought"), parsed.Thought);
        // What another language of this library calls outside-screen is one code.
        string[] warnings = expected.TryGetProperty("warnings", out var codes)
            ? [.. codes.EnumerateArray().Select(c => c.GetString()!.Replace("outside", DiagnosticCodes.OutsideScreen, StringComparison.Ordinal))]
            : [];
        Assert.Equal(
            warnings.Order(), parsed.Diagnostics.Where(d => d.Severity is DiagnosticSeverity.Warning).Select(d => d.Code).Distinct().Order());
    }

    [Fact]
    public void The_file_has_as_many_cases_as_it_says() =>
        Assert.Equal(s_root.GetProperty("about").GetProperty("count").GetInt32(), Ids.Count);

    [Fact]
    public void Actions_have_the_names_of_the_other_languages() => Assert.Equal(
        "click drag finished hotkey hover infeasible left_double long_press open_app point press_back right_single scroll swipe type",
        string.Join(' ', All.SelectMany(c => Read(c.GetProperty("id").GetString()!).Parsed.Actions).Select(a => a.Name).Distinct()
            .Order(StringComparer.Ordinal)));

    private static (ParsedAnswer Parsed, CoordinateMapper Coordinates, JsonElement Expected) Read(string id)
    {
        var item = All.Single(c => c.GetProperty("id").GetString() == id);
        var input = item.GetProperty("input");
        var size = input.GetProperty("image_size");
        var scale = input.GetProperty("scale").GetInt32() == 999 ? CoordinateConvention.UpTo999 : CoordinateConvention.Thousandths;
        var coordinates = CoordinateMapper.For(scale, size[0].GetInt32(), size[1].GetInt32());
        var language = item.GetProperty("model").GetString() switch
        {
            "qwen3vl-point" or "ui-venus-grounding" => ActionLanguage.Point,
            "ui-venus-mobile" or "ui-venus-web" => ActionLanguage.UiVenus,
            _ => ActionLanguage.ToolCall,
        };
        return (ActionParser.Parse(language, input.GetProperty("answer").GetString()!, coordinates), coordinates, item.GetProperty("expected"));
    }

    private static void SameAction(JsonElement wanted, GuiAction action, CoordinateMapper coordinates)
    {
        Assert.Equal(wanted.GetProperty("action").GetString(), action.WrittenName ?? action.Name);
        Assert.Equal(Text(wanted, "tool"), action.Tool);
        Assert.Equal(Text(wanted, "text"), action.Text);
        Assert.Equal(Text(wanted, "button"), action.Button);
        Assert.Equal(Text(wanted, "status"), action.Status);
        Assert.Equal(Number(wanted, "amount"), action.Amount);
        Assert.Equal(Number(wanted, "seconds"), action.Time);
        if (Text(wanted, "direction") is { } direction) Assert.Equal(direction, action.Direction);
        Assert.Equal(wanted.TryGetProperty("keys", out var keys) ? keys.EnumerateArray().Select(k => k.GetString()) : [], action.Keys);
        SamePlace(wanted, "point", action.Point is { } point ? [point] : [], coordinates);
        SamePlace(wanted, "end_point", action.EndPoint is { } end ? [end] : [], coordinates);
        if (wanted.TryGetProperty("box", out _)) SamePlace(wanted, "box", [action.StartBox!.Value.First, action.StartBox.Value.Second], coordinates);
    }

    private static void SamePlace(JsonElement wanted, string name, ScreenPoint[] points, CoordinateMapper coordinates)
    {
        var numbers = wanted.TryGetProperty(name, out var place) ? place.EnumerateArray().Select(n => n.GetDouble()).ToArray() : [];
        var read = points.Select(coordinates.ToScreen).SelectMany(p => new[] { p.X, p.Y }).ToArray();
        Assert.Equal(numbers.Length, read.Length);
        foreach (var (one, other) in numbers.Zip(read)) Assert.Equal(one, other, 1e-6);
    }

    private static string? Text(JsonElement fields, string name) => fields.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static double? Number(JsonElement fields, string name) => fields.TryGetProperty(name, out var value) ? value.GetDouble() : null;
}
