using SkiaSharp;

namespace StarKV.MiniGui.Look;

/// <summary>The forty icons: a filled and a stroked outline on a field of 24 × 24 units.</summary>
public static class IconShapes
{
    /// <value>Side of the field that the outlines are drawn on.</value>
    public const int Field = 24;

    private static readonly (string Name, string Fill, string Stroke, float Pen)[] s_data =
    [
        ("bell", "M12 2 C8 2 6 5 6 9 V14 L3.5 18 H20.5 L18 14 V9 C18 5 16 2 12 2 Z M9 19.5 H15 A3 3 0 0 1 9 19.5 Z", "", 0),
        ("bolt", "M14 1.5 L4 14 H11 L9 22.5 L20 9.5 H13 Z", "", 0),
        ("camera", "M2 7 H7 L9 4 H15 L17 7 H22 V20 H2 Z M8 13 A4 4 0 1 0 16 13 A4 4 0 1 0 8 13 Z", "", 0),
        (
            "cart",
            "M6 20 A2 2 0 1 0 10 20 A2 2 0 1 0 6 20 Z M15 20 A2 2 0 1 0 19 20 A2 2 0 1 0 15 20 Z",
            "M1.5 4 H5 L8 15.5 H18.5 L21.5 7 H6",
            2),
        ("chart", "M3 13 H8 V21 H3 Z M9.5 8 H14.5 V21 H9.5 Z M16 3 H21 V21 H16 Z", "", 0),
        ("check", "", "M3.5 12.5 L9.5 18.5 L20.5 5.5", 3.2f),
        ("clock", "", "M3 12 A9 9 0 1 0 21 12 A9 9 0 1 0 3 12 Z M12 6 V12.5 L16 15", 2),
        ("close", "", "M5 5 L19 19 M19 5 L5 19", 3.2f),
        ("cloud", "M7 19.5 A5 5 0 0 1 6.5 9.6 A6.5 6.5 0 0 1 18.6 10.4 A4.6 4.6 0 0 1 18 19.5 Z", "", 0),
        (
            "dots",
            "M1 12 A2.6 2.6 0 1 0 6.2 12 A2.6 2.6 0 1 0 1 12 Z M9.4 12 A2.6 2.6 0 1 0 14.6 12 "
                + "A2.6 2.6 0 1 0 9.4 12 Z M17.8 12 A2.6 2.6 0 1 0 23 12 A2.6 2.6 0 1 0 17.8 12 Z",
            "",
            0),
        ("down", "M9 3 V12 H4 L12 21.5 L20 12 H15 V3 Z", "", 0),
        (
            "eye",
            "M8.6 12 A3.4 3.4 0 1 0 15.4 12 A3.4 3.4 0 1 0 8.6 12 Z",
            "M1.5 12 C5 6.5 9 5.5 12 5.5 C15 5.5 19 6.5 22.5 12 C19 17.5 15 18.5 12 18.5 C9 18.5 5 17.5 1.5 12 Z",
            2),
        ("flag", "M6 3 H21 L16.5 8.5 L21 14 H6 Z", "M5 2.5 V22", 2),
        ("folder", "M2 4.5 H9.5 L11.5 7.5 H22 V20 H2 Z", "", 0),
        (
            "gear",
            "",
            "M6.5 12 A5.5 5.5 0 1 0 17.5 12 A5.5 5.5 0 1 0 6.5 12 Z M12 1.5 V5 M12 19 V22.5 M1.5 "
                + "12 H5 M19 12 H22.5 M4.6 4.6 L7 7 M17 17 L19.4 19.4 M19.4 4.6 L17 7 M7 17 L4.6 19.4",
            3.6f),
        ("grid", "M3 3 H10.5 V10.5 H3 Z M13.5 3 H21 V10.5 H13.5 Z M3 13.5 H10.5 V21 H3 Z M13.5 13.5 H21 V21 H13.5 Z", "", 0),
        (
            "heart",
            "M12 21.5 C5 15.5 2 12 2 8 C2 5 4.2 3 7 3 C9.2 3 11 4.2 12 6 C13 4.2 14.8 3 17 3 C19.8 3 22 5 22 8 C22 12 19 15.5 12 21.5 Z",
            "",
            0),
        ("home", "M12 2.5 L22.5 12 H19.5 V21 H14 V15 H10 V21 H4.5 V12 H1.5 Z", "", 0),
        ("info", "M2 12 A10 10 0 1 0 22 12 A10 10 0 1 0 2 12 Z M10.5 10.5 H13.5 V18 H10.5 Z M10.5 5.8 H13.5 V8.6 H10.5 Z", "", 0),
        ("key", "", "M2.5 12 A4 4 0 1 0 10.5 12 A4 4 0 1 0 2.5 12 Z M10.5 12 H21.5 V17 M17 12 V16", 2.4f),
        ("left", "M21 9 H12 V4 L2.5 12 L12 20 V15 H21 Z", "", 0),
        ("lock", "M4.5 11 H19.5 V21.5 H4.5 Z M10.8 14 H13.2 V18.5 H10.8 Z", "M7.5 11 V7.5 A4.5 4.5 0 0 1 16.5 7.5 V11", 2.4f),
        ("mail", "", "M2.5 5 H21.5 V19 H2.5 Z M3 6 L12 13.5 L21 6", 2),
        ("menu", "M3 4.5 H21 V7.5 H3 Z M3 10.5 H21 V13.5 H3 Z M3 16.5 H21 V19.5 H3 Z", "", 0),
        ("minus", "M2 9.5 H22 V14.5 H2 Z", "", 0),
        ("moon", "M14.5 2.5 A9.7 9.7 0 1 0 21.5 16 A8 8 0 0 1 14.5 2.5 Z", "", 0),
        ("page", "", "M5.5 2.5 H14 L19 7.5 V21.5 H5.5 Z M13.5 3 V8 H18.5 M8.5 12.5 H16 M8.5 16.5 H16", 1.8f),
        ("pause", "M5 3.5 H10 V20.5 H5 Z M14 3.5 H19 V20.5 H14 Z", "", 0),
        ("pencil", "M2.5 21.5 L4 15.5 L13.5 6 L18 10.5 L8.5 20 Z M15 4.5 L17.5 2 L22 6.5 L19.5 9 Z", "", 0),
        (
            "pin",
            "M12 1.5 C7.6 1.5 5 5 5 9 C5 14 12 22.5 12 22.5 C12 22.5 19 14 19 "
                + "9 C19 5 16.4 1.5 12 1.5 Z M9 9 A3 3 0 1 0 15 9 A3 3 0 1 0 9 9 Z",
            "",
            0),
        ("play", "M6 2.5 L21 12 L6 21.5 Z", "", 0),
        ("plus", "M10 3 H14 V10 H21 V14 H14 V21 H10 V14 H3 V10 H10 Z", "", 0),
        ("right", "M3 9 H12 V4 L21.5 12 L12 20 V15 H3 Z", "", 0),
        ("search", "", "M3.5 10 A6.5 6.5 0 1 0 16.5 10 A6.5 6.5 0 1 0 3.5 10 Z M15 15 L21.5 21.5", 2.6f),
        ("star", "M12 1.5 L15 9 L23 9.5 L16.8 14.5 L19 22.5 L12 18 L5 22.5 L7.2 14.5 L1 9.5 L9 9 Z", "", 0),
        ("stop", "M4.5 4.5 H19.5 V19.5 H4.5 Z", "", 0),
        (
            "sun",
            "M7.5 12 A4.5 4.5 0 1 0 16.5 12 A4.5 4.5 0 1 0 7.5 12 Z",
            "M12 1 V4.5 M12 19.5 V23 M1 12 H4.5 M19.5 12 H23 M4.2 4.2 L6.7 6.7 "
                + "M17.3 17.3 L19.8 19.8 M19.8 4.2 L17.3 6.7 M6.7 17.3 L4.2 19.8",
            1.8f),
        ("trash", "", "M3 6 H21 M9 6 V2.5 H15 V6 M5.5 6 L6.5 21.5 H17.5 L18.5 6 M10 10 V18 M14 10 V18", 1.9f),
        ("up", "M9 21 V12 H4 L12 2.5 L20 12 H15 V21 Z", "", 0),
        ("user", "M7.5 7.5 A4.5 4.5 0 1 0 16.5 7.5 A4.5 4.5 0 1 0 7.5 7.5 Z M3 22 C3 16 7 14 12 14 C17 14 21 16 21 22 Z", "", 0),
    ];

    private static readonly Dictionary<string, Shape> s_shapes =
        s_data.ToDictionary(d => d.Name, d => new Shape(Parse(d.Fill), Parse(d.Stroke), d.Pen));

    /// <value>The icons' names, alphabetical.</value>
    public static IReadOnlyList<string> Names { get; } = [.. s_data.Select(d => d.Name)];

    internal static Shape Get(string name) => s_shapes[name];

    private static SKPath? Parse(string data)
    {
        if (data == "")
            return null;
        var path = SKPath.ParseSvgPathData(data);
        path.FillType = SKPathFillType.EvenOdd;
        return path;
    }

    internal sealed record Shape(SKPath? Fill, SKPath? Stroke, float Pen)
    {
        // Bounds are computed on first use, here; afterwards the paths are only read, by all threads.
        private readonly SKRect _ink =
            SKRect.Union(Fill?.Bounds ?? Stroke!.Bounds, Stroke is null ? Fill!.Bounds : SKRect.Inflate(Stroke.Bounds, Pen / 2, Pen / 2));

        /// <summary>The tight box of the ink of an icon drawn in a square.</summary>
        public Box Ink(Box square)
        {
            var scale = square.Width / (float)Field;
            var (x, y) = ((int)MathF.Floor(_ink.Left * scale), (int)MathF.Floor(_ink.Top * scale));
            return new(square.X + x, square.Y + y, (int)MathF.Ceiling(_ink.Right * scale) - x, (int)MathF.Ceiling(_ink.Bottom * scale) - y);
        }
    }
}
