using System.Diagnostics.CodeAnalysis;
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

namespace StarKV.Evaluation.Benchmarks;

/// <summary>The rules of the published benchmarks by the names that test vectors give them, on arguments as vectors hold them.</summary>
/// <remarks>A rule throws <see cref="StarKvException"/> where an argument is missing or has another form. Thread-safe.</remarks>
[Experimental("STARKV001")]
public static class RulesByName
{
    private static readonly JsonSerializerOptions s_published = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <value>Rules whose arguments are an object; each gives what is to be written as JSON.</value>
    public static IReadOnlyDictionary<string, Func<JsonElement, object?>> OnObjects { get; } =
        new Dictionary<string, Func<JsonElement, object?>>
        {
            ["agentnetbench_evaluate_action"] = c => AgentNetScore(c),
            ["agentnetbench_from_uitars"] = c => UiTarsActions.Of(
                Text(c, "action_type"),
                [.. Member(c, "action_inputs").EnumerateObject().Select(i => new CompatibilityInput(i.Name, i.Value.GetString()))])
                .Select(Pair).ToList(),
            ["mind2web_operation_f1"] = c => OperationF1.Of(Text(c, "pred"), Text(c, "label")),
            ["mind2web_point_in_boxes"] = c => List(c, "boxes").Select(Box).Any(b => b.Contains(Point(Member(c, "point")))),
            ["screenspotpro_point"] = ScreenSpotProPoint,
            ["screenspotpro_report"] = c => JsonSerializer.SerializeToElement(Report(c), s_published),
        };

    /// <value>The helpers of STaR-KV's AndroidControl program; their arguments are a list.</value>
    public static IReadOnlyDictionary<string, Func<JsonElement, object?>> OnLists { get; } =
        new Dictionary<string, Func<JsonElement, object?>>
        {
            ["soft_box(bbox,x,y,w,h)"] = a => LenientRules.InSoftBox(Node(a[0]), Number(a[1]), Number(a[2]), Whole(a[3]), Whole(a[4])),
            ["near_point(click,gt,w,h)"] = a => LenientRules.NearPoint(
                Point(a[0]), Number(Member(a[1], "x")), Number(Member(a[1], "y")), Whole(a[2]), Whole(a[3])),
            ["scroll_dirs_match(gt,pred)"] = a => LenientRules.SameAxis(Plain(a[0]), Plain(a[1])),
            ["scroll_pred_direction(direction,output)"] = a => LenientRules.DirectionSource(Plain(a[0]), Plain(a[1])),
            ["typing_match(pred,gt)"] = a => LenientTyping.Matches(Plain(a[0]), Plain(a[1])),
            ["app_in_ui(app,text,desc)"] = a => LenientRules.AppInLabel(Plain(a[0]), Node(a)),
            ["app_compact(app,text,desc)"] = a => LenientRules.AppInCompactLabel(Plain(a[0]), Node(a)),
            ["open_app_from_instruction(sample,click,w,h)"] = a => LenientRules.OpensNamedApp(
                Text(Member(a[0], "action"), "app_name"), Text(a[0], "goal"), Point(a[1])),
            ["back_label(text,desc)"] = a => LenientRules.IsBackLabel(new ScreenNode(0, 0, 0, 0, Plain(a[0]), Plain(a[1]))),
            ["back_toolbar(click)"] = a => LenientRules.IsBackInToolbar(Point(a[0])),
            ["back_no_tree(click,w,h)"] = a => LenientRules.IsBackWithoutNode(Point(a[0])),
            ["fallback_parse(output,w,h)"] = a => Rescued(UiTarsRescue.Of(Plain(a[0]), Whole(a[1]), Whole(a[2]))),
        };

    /// <summary>The place in <paramref name="tree"/> of the smallest node at a point; null for none.</summary>
    /// <param name="tree">Nodes of a screen with their boxes, depth first.</param>
    /// <param name="point">Two numbers: pixels from the left and from the top.</param>
    public static int? SmallestNode(IReadOnlyList<JsonElement> tree, JsonElement point)
    {
        var nodes = tree.Select(Node).ToList();
        return ScreenNode.At(nodes, Number(point[0]), Number(point[1])) is { } node ? nodes.FindIndex(n => ReferenceEquals(n, node)) : null;
    }

    private static ScreenSpotProTables Report(JsonElement report) => ScreenSpotProTables.Of(
        [.. List(report, "rows").Select(r => new ProHit(Text(r, "group"), Text(r, "application"), Text(r, "platform"),
            new Hit(Text(r, "ui_type"), Text(r, "correctness") switch
        {
            "correct" => Verdict.Right,
            "wrong" => Verdict.Wrong,
            _ => Verdict.Unreadable,
        })))], countsUnreadable: false);

    private static double AgentNetScore(JsonElement test)
    {
        var alternatives = Member(test, "alternatives");
        return FirstActionScore.Of(
            Predicted(Member(test, "pred")), TrueActions.Of(JsonFields.OfRow(Member(test, "gt"))),
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
        var (box, size) = (Member(test, "bbox"), Member(test, "img_size"));
        var relative = new RelativeBox(
            Number(box[0]) / Number(size[0]), Number(box[1]) / Number(size[1]), Number(box[2]) / Number(size[0]),
            Number(box[3]) / Number(size[1]));
        return relative.Contains(Point(Member(test, "point"))) ? "correct" : "wrong";
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
            Number(Member(box, "x_min")), Number(Member(box, "y_min")), Number(Member(box, "x_max")), Number(Member(box, "y_max")));
    }

    private static RelativeBox Box(JsonElement xywh) =>
        RelativeBox.OfSize(Number(xywh[0]), Number(xywh[1]), Number(xywh[2]), Number(xywh[3]), 1, 1);

    private static ScreenPoint Point(JsonElement pair) => new(Number(pair[0]), Number(pair[1]));

    private static double Number(JsonElement value) => value.GetDouble();

    private static int Whole(JsonElement value) => value.GetInt32();

    private static JsonElement Member(JsonElement parent, string name) =>
        JsonFields.OfRow(parent) is var fields && parent.TryGetProperty(name, out var value) ? value : throw fields.Missing(name);

    private static string Text(JsonElement parent, string name) => JsonFields.OfRow(parent).RequiredText(name);

    private static IReadOnlyList<JsonElement> List(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray()]
            : throw JsonFields.OfRow(parent).Bad(name, "a list");

    private static string Plain(JsonElement value) => value.ToString();
}
