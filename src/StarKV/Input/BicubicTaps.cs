namespace StarKV.Input;

/// <summary>Which source samples an output sample is made of, and with what weights, along one side of an image.</summary>
/// <remarks>
/// Source: PIL's antialiased bicubic (a = −0.5). The kernel is stretched when shrinking; weights are normalised in double
/// precision and then fixed to 22 fractional bits, which decides the last bit of every pixel.
/// </remarks>
internal sealed class BicubicTaps
{
    /// <summary>Fractional bits of a weight.</summary>
    public const int Precision = 22;

    private readonly int[] _weights;
    private readonly int _stride;

    /// <summary>Computes the weights for resizing <paramref name="from"/> samples to <paramref name="to"/>.</summary>
    public BicubicTaps(int from, int to)
    {
        var scale = (double)from / to;
        var stretch = Math.Max(scale, 1);
        var support = 2 * stretch;
        _stride = (int)Math.Ceiling(support) * 2 + 1;
        _weights = new int[checked(to * _stride)];
        First = new int[to];
        Count = new int[to];
        Span<double> w = new double[_stride];
        for (var i = 0; i < to; i++)
        {
            var center = (i + 0.5) * scale;
            var low = Math.Max((int)(center - support + 0.5), 0);
            var high = Math.Min((int)(center + support + 0.5), from);
            var sum = 0.0;
            for (var j = 0; j < high - low; j++)
                sum += w[j] = Cubic((low + j - center + 0.5) / stretch);
            for (var j = 0; j < high - low; j++)
            {
                var fixedPoint = w[j] / sum * (1 << Precision);
                _weights[i * _stride + j] = (int)(fixedPoint + (fixedPoint < 0 ? -0.5 : 0.5));
            }

            (First[i], Count[i]) = (low, high - low);
        }
    }

    /// <summary>For each output sample, the first source sample.</summary>
    public int[] First { get; }

    /// <summary>For each output sample, the number of source samples.</summary>
    public int[] Count { get; }

    /// <summary>The weights of output sample <paramref name="i"/>, in units of 2⁻²².</summary>
    public ReadOnlySpan<int> Weights(int i) => _weights.AsSpan(i * _stride, Count[i]);

    private static double Cubic(double x)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        return x < 1 ? ((a + 2) * x - (a + 3)) * x * x + 1
            : x < 2 ? (((x - 5) * x + 8) * x - 4) * a
            : 0;
    }
}
