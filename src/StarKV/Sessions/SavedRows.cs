using StarKV.Cache;
using StarKV.Files;
using StarKV.Models;
using StarKV.Runtime;
using StarKV.Score;
using StarKV.Text;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Sessions;

/// <summary>A session's rows in its file: the tokens that it knows, all rows of the host's memory, and those of the cache.</summary>
/// <remarks>
/// Nothing is copied on the way out but one layer of what is on a card. Shapes: L tokens, N layers, G key/value heads, S heads stored, d
/// head dimension. Not thread-safe: it belongs on the inference thread.
/// </remarks>
internal static class SavedRows
{
    private const string Ids = "tokens.ids", Classes = "tokens.classes", Times = "tokens.positions";
    private const string StoreRows = "store.rows", StoreNorms = "store.norms";

    /// <summary>What is said of the rows beside the tensors.</summary>
    public static object Fields(SessionRows rows) => new
    {
        next = rows.Positions.NextPosition,
        frames = rows.Tokens.Frames.Zip(rows.Frames).Select(f => new
        {
            hash = f.Second,
            start = f.First.Start,
            rows = f.First.Rows,
            columns = f.First.Columns,
            partStart = f.First.PartStart,
            partEnd = f.First.PartEnd,
        }),
        messages = rows.Tokens.Messages.Select(m => new { start = m.Start, @class = (int)m.Class }),
        instruction = rows.Tokens.Instruction is { } span ? Span(span) : null,
        instructions = rows.Tokens.Instructions.Select(Span),
        opensAnswer = rows.Tokens.OpensAnswer,
        whole = rows.Cache is { } cache ? string.Concat(cache.Layers.Select(l => l.KeepsWholePrompt ? '1' : '0')) : null,
    };

    /// <summary>The tensors, those of many bytes first.</summary>
    /// <param name="rows">The rows; borrowed until all is written.</param>
    /// <param name="compute">Their number type.</param>
    /// <param name="cancellation">Checked again and again while they are written.</param>
    public static IEnumerable<StreamedTensor> Tensors(SessionRows rows, Compute compute, CancellationToken cancellation)
    {
        var (tokens, type) = (rows.Tokens, compute.DType.ToDType());
        if (rows.Store is { } store)
        {
            var shape = store.Shape;
            yield return new StreamedTensor(
                StoreRows, type, [shape.Layers, store.Length, 2 * shape.KvHeads, shape.HeadDim], stream =>
                {
                    for (var layer = 0; layer < shape.Layers; layer++)
                    {
                        using var scope = NewDisposeScope();
                        foreach (var piece in store.PeekRows(layer))
                            piece.WriteTo(stream, cancellation);
                    }
                });
            yield return new StreamedTensor(StoreNorms, DType.F32, [shape.Layers, 2, store.Length], stream =>
            {
                using var norms = store.Norms();
                norms.WriteTo(stream, cancellation);
            });
        }

        var layers = rows.Cache?.Layers ?? [];
        for (var i = 0; i < layers.Count; i++)
        {
            var layer = layers[i];
            yield return Of($"cache.{i}.keys", layer.PeekKeys);
            yield return Of($"cache.{i}.values", layer.PeekValues);
        }

        yield return Numbers(Ids, DType.I32, tokens.Ids.ToArray());
        yield return Numbers(Times, DType.I32, Array.ConvertAll(rows.Positions.Time.ToArray(), t => checked((int)t)));
        yield return Numbers(Classes, DType.U8, Array.ConvertAll(tokens.Classes.ToArray(), c => (byte)c));
        for (var i = 0; i < layers.Count; i++)
        {
            var held = layers[i].TokensOfRows();
            var bits = HeldRows.Write(held, tokens.Length);
            yield return new StreamedTensor(
                $"cache.{i}.held", DType.U8, [held.GetLength(0), HeldRows.Bytes(tokens.Length)], stream => stream.Write(bits));
        }

        StreamedTensor Of(string name, Func<Tensor> peek)
        {
            using var view = peek();
            return new StreamedTensor(name, type, view.shape, stream =>
            {
                using var again = peek();
                again.WriteTo(stream, cancellation);
            });
        }
    }

    /// <summary>Reads the rows of a file.</summary>
    /// <param name="fields">What is said of them.</param>
    /// <param name="file">The file.</param>
    /// <param name="model">What they must fit.</param>
    /// <param name="kept">Where the session keeps its rows, the type in which the file holds them, and who chose them.</param>
    /// <param name="cancellation">Checked before every layer.</param>
    /// <returns>The rows, the cache in the host's memory; the caller owns them.</returns>
    /// <exception cref="StarKvException">They contradict themselves or the model.</exception>
    public static SessionRows Read(
        JsonFields fields, SessionFile file, SessionModel model, (KvStorage Storage, DType Numbers, ICompressionMethod Method) kept,
        CancellationToken cancellation)
    {
        fields.HasExactly("next", "frames", "messages", "instruction", "instructions", "opensAnswer", "whole");
        var ids = file.TakeNumbers<int>(Ids, DType.I32, -1);
        var hashes = fields.List("frames").Select(f => f.RequiredText("hash")).ToList();
        var tokens = SavedTokens.Read(fields, ids, file.TakeNumbers<byte>(Classes, DType.U8, ids.Length), model.Text.VocabSize);
        var positions = MRopePositions.AtTimes(
            tokens, file.TakeNumbers<int>(Times, DType.I32, ids.Length), fields.RequiredWhole("next", 1, model.Text.MaxPositions),
            model.Text.Rope == RopeKind.OneDimensional);
        var hasStore = file.Has(StoreRows);
        if (hasStore && kept.Storage == KvStorage.Evict)
            throw file.Damaged($"there are all rows, though the session keeps none in the host's memory.");
        var store = hasStore ? Store(file, model, kept.Numbers, ids.Length, cancellation) : null;
        KvCache? cache = null;
        try
        {
            if (store is not null && kept.Storage == KvStorage.Lossless)
            {
                return store.Length == ids.Length && !fields.Has("whole")
                    ? new SessionRows(tokens, positions, hashes, store, null)
                    : throw file.Damaged(
                        $"there are {store.Length} of {ids.Length} tokens' rows; a lossless session has all, and no cache.");
            }

            cache = Cache(
                fields.RequiredText("whole"), new Place(file, model, kept.Numbers, kept.Method, tokens, store?.Length ?? ids.Length),
                positions, cancellation);
            return new SessionRows(tokens, positions, hashes, store, cache) { CacheIsAway = true };
        }
        catch
        {
            store?.Dispose();
            cache?.Dispose();
            throw;
        }
    }

    private static object Span((int Start, int End) span) => new { start = span.Start, end = span.End };

    private static StreamedTensor Numbers<T>(string name, DType type, T[] numbers) where T : unmanaged => new(
        name, type, [numbers.Length],
        stream => stream.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers.AsSpan())));

    private static KvStore Store(SessionFile file, SessionModel model, DType numbers, int tokens, CancellationToken cancellation)
    {
        var shape = model.Shape;
        var rows = file.Take(StoreRows, numbers, shape.Layers, -1, 2 * shape.KvHeads, shape.HeadDim);
        var count = rows.Shape[1];
        if (count < 1 || count > tokens)
            throw file.Damaged($"there are rows of {count} tokens in the host's memory; the session knows {tokens}.");
        var norms = file.Take(StoreNorms, DType.F32, shape.Layers, 2, count);
        using var scope = NewDisposeScope();
        var blocks = KvBlock.For(shape, (int)count, model.Compute);
        try
        {
            var known = zeros([shape.Layers, 2, count], ScalarType.Float32);
            norms.CopyTo(0, known);
            var token = rows.ByteLength / shape.Layers / count;
            var at = 0;
            foreach (var part in KvStore.Filled(blocks, (int)count))
            {
                cancellation.ThrowIfCancellationRequested();
                for (var layer = 0; layer < shape.Layers; layer++)
                    rows.CopyTo((layer * count + at) * token, part.PeekRows(layer));
                part.PeekNorms().copy_(known.narrow(2, at, part.Count));
                at += part.Count;
            }

            using var none = new KvStore(shape);
            return none.Then(blocks, (int)count);
        }
        finally
        {
            foreach (var block in blocks)
                block.Release();
        }
    }

    private static KvCache Cache(
        string whole, Place place, MRopePositions positions, CancellationToken cancellation)
    {
        var layers = place.Model.Shape.Layers;
        if (whole.Length != layers || whole.AsSpan().ContainsAnyExcept('0', '1'))
            throw place.File.Damaged($"rows.whole is {MessageText.Name(whole)}; {layers} times 0 or 1 is expected.");
        var cache = new KvCache(place.Tokens, positions);
        try
        {
            for (var i = 0; i < layers; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                cache.Add(Layer(place, i, whole[i] == '1'));
            }

            return cache;
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    private static KvLayer Layer(Place place, int layer, bool whole)
    {
        using var scope = NewDisposeScope();
        var (file, text, compute) = (place.File, place.Model.Text, place.Model.Compute);
        var (tokens, stored) = (place.Tokens.Length, place.Stored);
        var keys = file.Take($"cache.{layer}.keys", place.Numbers, -1, -1, text.HeadDim);
        var (heads, rows) = (keys.Shape[0], keys.Shape[1]);
        var values = file.Take($"cache.{layer}.values", keys.DType, heads, rows, text.HeadDim);
        // Selections rely on these, kernels too.
        var most = text.KvHeads * place.Method.HeadCopies(text.Heads / text.KvHeads);
        if (heads != text.KvHeads && heads != most)
            throw file.Damaged(
                $"layer {layer} stores {heads} heads; {(most == text.KvHeads ? "" : $"{most} or ")}{text.KvHeads} are expected.");
        if (rows < 1 || rows > tokens || (whole && rows != tokens))
            throw file.Damaged($"layer {layer} holds {rows} rows of {tokens} tokens{(whole ? ", and is to hold all" : "")}.");
        var held = file.Take($"cache.{layer}.held", DType.U8, -1, HeldRows.Bytes(tokens));
        var lists = held.Shape[0];
        var perHead = Methods.All.FirstOrDefault(m => m.Name == place.Method.Name)?.PerHead ?? true;
        if (lists != 1 && !(perHead && lists == heads))
            throw file.Damaged($"layer {layer} names its rows in {lists} lists; {(perHead ? $"{heads} or " : "")}1 is expected.");
        var named = HeldRows.Read(held.Bytes(0, (int)held.ByteLength), (int)lists, (int)rows, tokens);
        // The rows of an answer that are not in the host's memory yet are taken from the cache, whose last rows they are.
        for (var list = 0; list < lists && stored < tokens; list++)
        {
            var first = rows - (tokens - stored);
            if (first < 0 || named[list * rows + first] != stored)
                throw file.Damaged($"layer {layer} lacks rows of the last {tokens - stored} tokens.");
        }

        return new KvLayer(
            Copied(keys), Copied(values), tensor(named, [lists, rows]), (int)(heads / text.KvHeads), whole, tokens);

        Tensor Copied(TensorEntry entry)
        {
            var target = HostTensor.Empty(entry.Shape, compute.DType, compute.Device);
            entry.CopyTo(0, target);
            return target;
        }
    }

    /// <summary>Where a cache is read from, and what it must fit: rows of tokens from Stored on are in it alone.</summary>
    private sealed record Place(
        SessionFile File, SessionModel Model, DType Numbers, ICompressionMethod Method, TokenMap Tokens, int Stored);
}
