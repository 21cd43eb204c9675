using System.Text.Json;
using StarKV.Act;
using StarKV.Evaluation.Benchmarks.AgentNetBench;
using StarKV.Evaluation.Benchmarks.AndroidControl;
using StarKV.Evaluation.Benchmarks.Mind2Web;
using StarKV.Evaluation.Benchmarks.ScreenSpot;
using StarKV.Evaluation.Benchmarks.ScreenSpotPro;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Released;
using StarKV.Files;

namespace StarKV.Conformance;

/// <summary>What a case of <c>metric_cases.json</c> gives, as JSON in the form of its expected result.</summary>
internal static class BenchmarkMetrics
{
    /// <summary>For each key of the file that holds a list of cases: the field with the expected result, and what computes it.</summary>
    public static IReadOnlyDictionary<string, (string Expected, Func<JsonElement, object?> Compute)> Lists { get; } = new Dictionary<string,
    (string, Func<JsonElement, object?>)>
    {
        ["agentnetbench_evaluate_action"] = ("score", c => AgentNetScore(c)),
        ["agentnetbench_from_uitars"] = ("result", c => UiTarsActions.Of(
            Text(c, "action_type"),
            [.. c.Members("action_inputs").Select(i => new CompatibilityInput(i.Name, i.Value.GetString()))]).Select(Pair).ToList()),
        ["mind2web_operation_f1"] = ("f1", c => OperationF1.Of(Text(c, "pred"), Text(c, "label"))),
        ["mind2web_point_in_boxes"] = ("result", c => c.List("boxes").Select(Box).Any(b => b.Contains(Point(c.Member("point"))))),
        ["screenspotpro_point"] = ("result", ScreenSpotProPoint),
    };

    /// <summary>The helpers of STaR-KV's AndroidControl program, by their names in the file.</summary>
    public static IReadOnlyDictionary<string, Func<JsonElement, object?>> AndroidControlHelpers { get; } = new Dictionary<string,
    Func<JsonElement, object?>>
    {
        ["soft_box(bbox,x,y,w,h)"] = a => LenientRules.InSoftBox(Node(a[0]), Number(a[1]), Number(a[2]), Whole(a[3]), Whole(a[4])),
        ["near_point(click,gt,w,h)"] = a => LenientRules.NearPoint(
            Point(a[0]), Number(a[1].Member("x")), Number(a[1].Member("y")), Whole(a[2]), Whole(a[3])),
        ["scroll_dirs_match(gt,pred)"] = a => LenientRules.SameAxis(Plain(a[0]), Plain(a[1])),
        ["scroll_pred_direction(direction,output)"] = a => LenientRules.DirectionSource(Plain(a[0]), Plain(a[1])),
        ["typing_match(pred,gt)"] = a => LenientTyping.Matches(Plain(a[0]), Plain(a[1])),
        ["app_in_ui(app,text,desc)"] = a => LenientRules.AppInLabel(Plain(a[0]), Node(a)),
        ["app_compact(app,text,desc)"] = a => LenientRules.AppInCompactLabel(Plain(a[0]), Node(a)),
        ["open_app_from_instruction(sample,click,w,h)"] = a => LenientRules.OpensNamedApp(
            Text(a[0].Member("action"), "app_name"), Text(a[0], "goal"), Point(a[1])),
        ["back_label(text,desc)"] = a => LenientRules.IsBackLabel(new ScreenNode(0, 0, 0, 0, Plain(a[0]), Plain(a[1]))),
        ["back_toolbar(click)"] = a => LenientRules.IsBackInToolbar(Point(a[0])),
        ["back_no_tree(click,w,h)"] = a => LenientRules.IsBackWithoutNode(Point(a[0])),
        ["fallback_parse(output,w,h)"] = a => Rescued(UiTarsRescue.Of(Plain(a[0]), Whole(a[1]), Whole(a[2]))),
    };

    /// <summary>The place in <paramref name="tree"/>, read depth first, of the smallest node at a point; null for none.</summary>
    public static int? SmallestNode(IReadOnlyList<JsonElement> tree, JsonElement point)
    {
        var nodes = tree.Select(Node).ToList();
        return ScreenNode.At(nodes, Number(point[0]), Number(point[1])) is { } node ? nodes.FindIndex(n => ReferenceEquals(n, node)) : null;
    }

    /// <summary>The tables of ScreenSpot-Pro for the rows of a report.</summary>
    public static ScreenSpotProTables Report(JsonElement report) => ScreenSpotProTables.Of(
        [.. report.List("rows").Select(r => new ProHit(Text(r, "group"), Text(r, "application"), Text(r, "platform"),
            new Hit(Text(r, "ui_type"), Text(r, "correctness") switch
        {
            "correct" => StarKV.Evaluation.Metrics.Verdict.Right,
            "wrong" => StarKV.Evaluation.Metrics.Verdict.Wrong,
            _ => StarKV.Evaluation.Metrics.Verdict.Unreadable,
        })))], countsUnreadable: false);

    private static double AgentNetScore(JsonElement test)
    {
        var alternatives = test.Member("alternatives");
        return FirstActionScore.Of(
            Predicted(test.Member("pred")), TrueActions.Of(JsonFields.OfRow(test.Member("gt"))),
            alternatives.ValueKind is JsonValueKind.Array
                ? [.. alternatives.EnumerateArray().Select(a => TrueActions.Of(JsonFields.OfRow(a[0])))]
                : []).Score;
    }

    private static OpenCuaAction Predicted(JsonElement pair)
    {
        var (kind, value) = (pair[0].GetString()!, pair[1]);
        return value.ValueKind switch
        {
            JsonValueKind.Number => new(kind) { Amount = value.GetInt32() },
            JsonValueKind.String => new(kind) { Text = value.GetString() },
            _ when value[0].ValueKind is JsonValueKind.Number => new(kind) { Point = Point(value) },
            _ => new(kind) { Keys = [.. value.EnumerateArray().Select(k => k.GetString()!)] },
        };
    }

    private static object[] Pair(OpenCuaAction a) =>
        [a.Kind, a.Point is { } p ? new[] { p.X, p.Y } : a.Keys ?? a.Amount ?? (object)a.Text!];

    private static string ScreenSpotProPoint(JsonElement test)
    {
        var (box, size) = (test.Member("bbox"), test.Member("img_size"));
        var relative = new RelativeBox(
            Number(box[0]) / Number(size[0]), Number(box[1]) / Number(size[1]), Number(box[2]) / Number(size[0]),
            Number(box[3]) / Number(size[1]));
        return relative.Contains(Point(test.Member("point"))) ? "correct" : "wrong";
    }

    private static object Rescued(PhoneAction action) => new
    {
        operation = action.Operation,
        // The programs write a point as a box without extent.
        click_point = action.Point is { } p ? new[] { p.X, p.Y, p.X, p.Y } : (object)"",
        direction = action.Direction,
        content = action.Content,
    };

    private static ScreenNode Node(JsonElement element)
    {
        if (element.ValueKind is JsonValueKind.Array)
            return new ScreenNode(0, 0, 0, 0, Plain(element[1]), Plain(element[2]));
        var box = element.TryGetProperty("bbox_pixels", out var inner) ? inner : element;
        return new ScreenNode(
            Number(box.Member("x_min")), Number(box.Member("y_min")), Number(box.Member("x_max")), Number(box.Member("y_max")));
    }

    private static RelativeBox Box(JsonElement xywh) =>
        RelativeBox.OfSize(Number(xywh[0]), Number(xywh[1]), Number(xywh[2]), Number(xywh[3]), 1, 1);

    private static ScreenPoint Point(JsonElement pair) => new(Number(pair[0]), Number(pair[1]));

    private static double Number(JsonElement value) => value.GetDouble();

    private static int Whole(JsonElement value) => value.GetInt32();

    private static string Text(JsonElement value, string name) => value.Text(name);

    private static string Plain(JsonElement value) => value.ToString();
}
