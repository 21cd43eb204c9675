using StarKV.Account;
using StarKV.Reports.Markup;

namespace StarKV.Reports.Live;

/// <summary>Rows of each layer as columns, beside all tokens of the prompt.</summary>
internal static class LayerRows
{
    public static Html Of(KvReport kv) => Html.Of($"""
        <figure class="layers"><svg viewBox="0 0 {kv.RowsPerLayer.Count} 1" preserveAspectRatio="none" role="img"
        aria-label="rows of each layer, of {kv.PromptTokens} tokens">{kv.RowsPerLayer.Select((rows, i) => Column(i, rows, kv))}</svg>
        <figcaption>rows of layers 0 to {kv.RowsPerLayer.Count - 1}; full height is {kv.PromptTokens:N0} tokens</figcaption></figure>
        """);

    private static Html Column(int layer, int rows, KvReport kv)
    {
        var share = Math.Min(1, (double)rows / kv.PromptTokens);
        return Html.Of($"""
            <rect x="{layer + 0.1:0.##}" y="{1 - share:0.####}" width="0.8" height="{share:0.####}"><title>layer {layer}:
            {rows:N0} rows</title></rect>
            """);
    }
}
