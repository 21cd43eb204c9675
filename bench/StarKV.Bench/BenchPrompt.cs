using System.CommandLine;
using StarKV.Input;
using StarKV.Models;
using StarKV.Text;

namespace StarKV.Bench;

/// <summary>The prompt that a shape is timed with.</summary>
internal static class BenchPrompt
{
    private const int TextBefore = 24, TextAfter = 40;

    /// <summary>Text, then every screenshot between its markers, then text: the lengths of a UI-TARS step.</summary>
    public static TokenMap Of(ModelConfig config, IReadOnlyList<PatchGrid> grids) => Map(config, Enumerable.Range(100, TextBefore), grids);

    /// <summary>What a step adds: one screenshot between its markers, then text.</summary>
    public static TokenMap Step(ModelConfig config, PatchGrid grid) => Map(config, [], [grid]);

    private static TokenMap Map(ModelConfig config, IEnumerable<int> before, IReadOnlyList<PatchGrid> grids)
    {
        var ids = new List<int>(before);
        foreach (var grid in grids)
        {
            ids.Add(config.VisionStartTokenId);
            ids.AddRange(Enumerable.Repeat(config.ImageTokenId, grid.Tokens));
            ids.Add(config.VisionEndTokenId);
        }

        ids.AddRange(Enumerable.Range(1000, TextAfter));
        return TokenMap.OfIds([.. ids], config.ImageTokenId, [.. grids.Select(g => new MergedGrid(g.Rows, g.Columns))]);
    }

    public static Option<string> Size() =>
        new("--size")
        {
            Description = "Screenshot size in pixels, " +
            "WIDTHxHEIGHT.",
            DefaultValueFactory = _ => "1932x1092",
            HelpName = "WxH"
        };

    public static (int Width, int Height) ReadSize(ParseResult parsed, Option<string> option)
    {
        var sides = parsed.GetValue(option)!.Split('x');
        return sides.Length == 2
            && int.TryParse(sides[0], out var width)
            && int.TryParse(sides[1], out var height)
            && width > 0
            && height > 0
            ? (width, height)
            : throw new StarKvException($"--size {parsed.GetValue(option)} is not of the form WIDTHxHEIGHT.");
    }
}
