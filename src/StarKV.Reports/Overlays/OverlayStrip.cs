using SkiaSharp;

namespace StarKV.Reports.Overlays;

/// <summary>The strip below an overlay: method, numbers, scale, task and answer, in letters that grow with the width.</summary>
internal sealed class OverlayStrip : IDisposable
{
    private const string Predicted = "predicted", Known = "known target", Dropped = "dropped", Kept = "kept by all layers";
    private static readonly SKColor s_back = new(0x17, 0x1A, 0x20);
    private readonly OverlayText _title, _plain, _faint;
    private readonly OverlayLegend _legend;
    private readonly float _width, _em;
    private readonly bool _target, _known, _keysBelow;

    /// <summary>Lays out the strip for a picture of <paramref name="width"/> pixels.</summary>
    public OverlayStrip(OverlayLegend legend, IReadOnlyList<OverlayFrame> frames, int width)
    {
        (_legend, _width, _em) = (legend, width, FontSize(width));
        _title = new OverlayText(_em * 1.2f, SKColors.White, strong: true);
        _plain = new OverlayText(_em, new SKColor(0xE6, 0xE8, 0xEC));
        _faint = new OverlayText(_em, new SKColor(0x9A, 0xA2, 0xAF));
        (_target, _known) = (frames.Any(f => f.Targets.Count > 0), frames.Any(f => f.KnownBox is not null));
        _keysBelow = KeysWidth > 0 && _plain.Measure(legend.Numbers) + KeysWidth + 2 * _em > Inner;
        var rows = 2 + (_keysBelow ? 1 : 0) + (Says(legend.Instruction) ? 1 : 0) + legend.AnswerLines().Count();
        Height = (int)Math.Ceiling(2 * Pad + _title.LineHeight + (rows - 1) * _plain.LineHeight);
    }

    /// <summary>Height of the strip in pixels.</summary>
    public int Height { get; }

    private float Pad => _em * 0.8f;

    private float Inner => _width - 2 * Pad;

    private float KeysWidth => (_target ? _em * 3 + _faint.Measure(Predicted) : 0) + (_known ? _em * 3 + _faint.Measure(Known) : 0);

    /// <summary>Letter size in pixels for a picture of that width: 13 at 480, 25 at 1920.</summary>
    public static float FontSize(int width) => Math.Clamp(9 + width / 120f, 12, 32);

    /// <summary>Draws the strip with its upper edge at <paramref name="top"/>.</summary>
    public void Draw(SKCanvas canvas, float top)
    {
        using var back = new SKPaint { Color = s_back };
        canvas.DrawRect(0, top, _width, Height, back);
        var line = top + Pad + _title.LineHeight * 0.75f;
        var scale = DrawScale(canvas, line);
        _title.Draw(canvas, _legend.Method, Pad, line, Inner - scale - _em);
        line += _plain.LineHeight;
        _plain.Draw(canvas, _legend.Numbers, Pad, line, Inner);
        if (_keysBelow)
            line += _plain.LineHeight;
        DrawKeys(canvas, _keysBelow ? Pad : _width - Pad - KeysWidth + _em, line);
        if (Says(_legend.Instruction))
            Row("Task", _legend.Instruction!);
        var label = "Answer";
        foreach (var answer in _legend.AnswerLines())
        {
            Row(label, answer);
            label = "";
        }

        void Row(string name, string text)
        {
            line += _plain.LineHeight;
            var indent = _faint.Measure("Answer") + _em * 0.7f;
            _faint.Draw(canvas, name, Pad, line, Inner);
            _plain.Draw(canvas, text, Pad + indent, line, Inner - indent);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _title.Dispose();
        _plain.Dispose();
        _faint.Dispose();
    }

    private static bool Says(string? text) => !string.IsNullOrWhiteSpace(text);

    /// <summary>Draws the dim-to-bright scale at the right end of a line; returns its width.</summary>
    private float DrawScale(SKCanvas canvas, float line)
    {
        const int steps = 5;
        var (gap, swatch) = (_em * 0.5f, _em * 1.1f);
        var width = _faint.Measure(Dropped) + _faint.Measure(Kept) + steps * swatch + 2 * gap;
        var x = _width - Pad - width;
        _faint.Draw(canvas, Dropped, x, line, width);
        x += _faint.Measure(Dropped) + gap;
        using var paint = new SKPaint();
        for (var i = 0; i < steps; i++, x += swatch)
        {
            // The mixture of the cells, for a bright blue pixel.
            var kept = i / (steps - 1f);
            paint.Color = new SKColor(Mix(0x7F, kept), Mix(0xC4, kept), Mix(0xFF, kept));
            canvas.DrawRect(x, line - _em * 0.8f, swatch, _em, paint);
        }

        _faint.Draw(canvas, Kept, x + gap, line, width);
        return width;

        static byte Mix(byte colour, float kept) => (byte)(colour * kept + 0x3B * (1 - kept));
    }

    private void DrawKeys(SKCanvas canvas, float x, float line)
    {
        var (middle, stroke) = (line - _em * 0.33f, MathF.Max(1, _em / 14));
        if (_target)
        {
            OverlayMarks.DrawTarget(canvas, x + _em * 0.7f, middle, _em * 0.4f, stroke);
            _faint.Draw(canvas, Predicted, x + _em * 1.8f, line, _width);
            x += _em * 3 + _faint.Measure(Predicted);
        }

        if (_known)
        {
            OverlayMarks.DrawKnownBox(canvas, new SKRect(x + _em * 0.2f, middle - _em * 0.3f, x + _em * 1.2f, middle + _em * 0.3f), stroke);
            _faint.Draw(canvas, Known, x + _em * 1.8f, line, _width);
        }
    }
}
