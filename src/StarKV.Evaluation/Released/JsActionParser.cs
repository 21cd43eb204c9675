using System.Text.RegularExpressions;
using StarKV.Act;
using StarKV.Input;

namespace StarKV.Evaluation.Released;

/// <summary>How the JavaScript parser is called.</summary>
public sealed record JsParserOptions
{
    /// <summary>What x is divided by when no resized image is known; default 1000.</summary>
    public double FactorX { get; init; } = 1000;

    /// <summary>What y is divided by when no resized image is known; default 1000.</summary>
    public double FactorY { get; init; } = 1000;

    /// <summary>
    /// True for the answer form with <c>&lt;Thought&gt;</c> and <c>&lt;/Output&gt;</c> (mode o1); default false (mode bc).
    /// </summary>
    public bool TaggedAnswer { get; init; }

    /// <summary>Size of the original screenshot in pixels; null when unknown (default), then there are no <c>*_coords</c>.</summary>
    public (int Width, int Height)? Screen { get; init; }

    /// <summary>Factor on the screen pixels; default 1.</summary>
    public double ScaleFactor { get; init; } = 1;

    /// <summary>
    /// Version of the model; <c>1.5</c> counts pixels of the resized image, all others use the factors. Default <c>1.0</c>.
    /// </summary>
    public string ModelVersion { get; init; } = "1.0";
}

/// <summary>Reproduces the parser of the npm package <c>@ui-tars/action-parser</c> 1.2.3.</summary>
public sealed partial class JsActionParser(JsParserOptions options) : ICompatibilityParser
{
    private static readonly SmartResize s_limits = new(100 * 28 * 28);

    /// <inheritdoc/>
    /// <remarks>
    /// Has no <see cref="CompatibilityAnswer.Error"/> but that of an answer that takes too long; a piece it cannot read is a record with an
    /// empty action type.
    /// </remarks>
    public CompatibilityAnswer Parse(string answer) => CompatibilityError.Guard(() => Read(answer), error => new([], error));

    private CompatibilityAnswer Read(string answer)
    {
        var (divisor, logged) = Divisor();
        var text = JsText.Trim(answer);
        var header = options.TaggedAnswer ? JsHeader.ReadTagged(text) : JsHeader.Read(text);
        var records = new List<CompatibilityRecord>();
        // Every empty line separates actions, even one inside typed text.
        foreach (var piece in header.ActionText.Split("\n\n"))
        {
            var call = JsCall.Read(JsText.TrimStart(piece.Replace("\n", @"\n", StringComparison.Ordinal)));
            if (call is null) logged++;
            var inputs = call is null ? [] : Inputs(call, divisor);
            records.Add(new(header.Reflection, header.Thought ?? "", call?.Name ?? "", inputs));
        }

        return new(records, LoggedErrors: logged);
    }

    private bool HasScreen => options.Screen is { Width: not 0, Height: not 0 };

    private ((double X, double Y) Divisor, int LoggedErrors) Divisor()
    {
        var factors = (options.FactorX, options.FactorY);
        if (options.ModelVersion != "1.5" || !HasScreen) return (factors, 0);
        try
        {
            var (width, height) = options.Screen!.Value;
            return (s_limits.Fit(width, height, MidpointRounding.AwayFromZero), 0);
        }
        catch (StarKvException)
        {
            return (factors, 1);
        }
    }

    private IReadOnlyList<CompatibilityInput> Inputs(JsCall call, (double X, double Y) divisor)
    {
        var inputs = new OrderedInputs();
        foreach (var (key, value) in call.Arguments.Items.Select(a => (a.Name, a.Text!)).Where(a => a.Item2 != ""))
        {
            var isStart = key.Contains("start_box", StringComparison.Ordinal);
            if (!isStart && !key.Contains("end_box", StringComparison.Ordinal))
            {
                inputs.Set(new(key, JsText.Trim(value)));
                continue;
            }

            var numbers = Box(JsText.Trim(value), divisor);
            inputs.Set(new(key, $"[{string.Join(',', numbers.Select(DoubleText.JavaScriptJson))}]"));
            if (HasScreen) inputs.Set(new(isStart ? "start_coords" : "end_coords", null, Coordinates(numbers)));
        }

        return inputs.Items;
    }

    private static List<double> Box(string text, (double X, double Y) divisor)
    {
        var parts = Brackets().Replace(text, "").Split(',').Where(part => part != "");
        var numbers = parts.Select((part, i) => JsText.ParseFloat(part) / (i % 2 == 0 ? divisor.X : divisor.Y)).ToList();
        if (numbers.Count == 2) numbers.AddRange([numbers[0], numbers[1]]);
        return numbers;
    }

    private double[] Coordinates(List<double> box)
    {
        if (box.Count < 2) return [];
        // Two numbers were doubled; of three, y counts twice.
        var (x2, y2) = (box[2], box.Count > 3 ? box[3] : box[1]);
        var (width, height) = options.Screen!.Value;
        return [OnScreen((box[0] + x2) / 2, width, options.FactorX), OnScreen((box[1] + y2) / 2, height, options.FactorY)];
    }

    private double OnScreen(double middle, int size, double factor) =>
        JsText.Round(middle * size * factor) / factor * options.ScaleFactor;

    [GeneratedRegex(@"[()\[\]]", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex Brackets();
}
