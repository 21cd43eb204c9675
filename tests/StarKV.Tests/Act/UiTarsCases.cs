using System.Text.Json;
using StarKV.Act;
using StarKV.Input;
using StarKV.Text;

namespace StarKV.Tests.Act;

/// <summary>The answers of the vector file, parsed by the forgiving parser.</summary>
internal static class UiTarsCases
{
    private static readonly JsonElement s_root =
        JsonDocument.Parse(File.ReadAllBytes(RepositoryFiles.Path("tests", "vectors", "cases", "uitars_parser_cases.json"))).RootElement;

    /// <summary>The limits that the vectors were made with.</summary>
    private static readonly SmartResize s_limits = new(100 * 28 * 28);

    public static IEnumerable<string> Ids => All.Select(c => c.GetProperty("id").GetString()!);

    public static IEnumerable<JsonElement> All => s_root.GetProperty("cases").EnumerateArray();

    public static JsonElement Case(string id) => All.Single(c => c.GetProperty("id").GetString() == id);

    public static ParsedAnswer Parse(string id)
    {
        var input = Case(id).GetProperty("input");
        var isPixels = input.GetProperty("modelVer").GetString() == "1.5" && input.GetProperty("screenContext").ValueKind is JsonValueKind.Object;
        var screen = input.GetProperty("screenContext");
        var (width, height) = screen.ValueKind is JsonValueKind.Object
            ? (screen.GetProperty("width").GetInt32(), screen.GetProperty("height").GetInt32())
            : (1000, 1000);
        var parser = new UiTarsActionParser(isPixels ? CoordinateConvention.ModelPixels : CoordinateConvention.Thousandths, s_limits);
        return parser.Parse(input.GetProperty("prediction").GetString()!, width, height);
    }
}
