using System.Globalization;
using StarKV.Cache;
using StarKV.Files;
using StarKV.Observe;
using StarKV.Score;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Sessions;

/// <summary>What a session's method remembers, in the session's file.</summary>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
internal static class SavedMemory
{
    private const string Prefix = "memory.";

    /// <summary>Asks every state for what is to be saved; the tensors are borrowed, or belong to the open dispose scope.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="method">The method, which names its kinds of state.</param>
    /// <param name="cache">The cache that is held; null for none.</param>
    /// <param name="model">The session's model.</param>
    /// <exception cref="StarKvException">A state cannot be saved.</exception>
    public static IReadOnlyList<SavedState> Of(LayerMemory memory, ICompressionMethod method, KvCache? cache, SessionModel model)
    {
        var kinds = method.States.ToDictionary(k => k.Type);
        var states = new List<SavedState>();
        foreach (var ((_, layer), state) in memory.States.OrderBy(s => s.Key.Layer))
        {
            var content = Content("", cache, layer, model);
            if (!kinds.TryGetValue(state.GetType(), out var kind) || !((ILayerState)state).Save(content))
            {
                throw new StarKvException(
                    $"The session cannot be saved: {method.Name} remembers a {state.GetType().Name} of layer {layer}, "
                        + $"which has no form in a file. "
                        + $"Give it one (ILayerState.Save and Load, named in ICompressionMethod.States), or use another method.");
            }

            states.Add(new SavedState(kind.Name, layer, content));
        }

        return states;
    }

    /// <summary>What is said of the states beside the tensors.</summary>
    public static object Fields(IEnumerable<SavedState> states) =>
        states.Select(s => new { state = s.Kind, layer = s.Layer, numbers = s.Content.Numbers });

    /// <summary>The tensors of the states.</summary>
    /// <param name="states">The states.</param>
    /// <param name="cancellation">Checked again and again while they are written.</param>
    public static IEnumerable<StreamedTensor> Tensors(IEnumerable<SavedState> states, CancellationToken cancellation) =>
        from state in states
        from named in state.Content.Tensors
        select new StreamedTensor(
            Place(state.Kind, state.Layer) + named.Key, named.Value.dtype.ToDType(), named.Value.shape,
            stream => named.Value.WriteTo(stream, cancellation));

    /// <summary>Reads what is remembered.</summary>
    /// <param name="fields">What is said of the states.</param>
    /// <param name="file">The file.</param>
    /// <param name="method">The method.</param>
    /// <param name="cache">The session's cache; null for none.</param>
    /// <param name="model">What it must fit.</param>
    /// <exception cref="StarKvException">The method does not remember such a thing.</exception>
    public static LayerMemory Read(
        IReadOnlyList<JsonFields> fields, SessionFile file, ICompressionMethod method, KvCache? cache, SessionModel model)
    {
        var memory = new LayerMemory();
        try
        {
            foreach (var state in fields)
            {
                state.HasExactly("state", "layer", "numbers");
                var (name, layer) = (state.RequiredText("state"), (int)state.RequiredWhole("layer", 0, model.Text.Layers - 1));
                var kind = method.States.FirstOrDefault(k => k.Name == name) ?? throw file.Damaged(
                    $"layer {layer} has the state {MessageText.Name(name)}, which {method.Name} does not remember.");
                using var counting = MemoryTensors.Begin();
                // What the state does not keep goes while it is counted.
                using var scope = NewDisposeScope();
                var content = Content($"the state {name} of layer {layer}", cache, layer, model);
                var numbers = state.RequiredObject("numbers");
                foreach (var number in numbers.Names)
                    content.Put(Named(number), numbers.RequiredWhole(number, long.MinValue, long.MaxValue));
                var place = Place(name, layer);
                foreach (var tensor in file.Names.Where(n => n.StartsWith(place, StringComparison.Ordinal)).ToList())
                    content.Put(Named(tensor[place.Length..]), Tensor(file, tensor, model.Compute.Device));
                if (memory.States.ContainsKey((kind.Type, layer)))
                    throw file.Damaged($"the state {name} of layer {layer} is there twice.");
                memory.States[(kind.Type, layer)] = Loaded(kind, content);
            }

            return memory;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    private static ILayerState Loaded(LayerStateKind kind, LayerStateContent content)
    {
        var state = kind.Create();
        try
        {
            state.Load(content);
            content.CheckAllTaken();
            return state;
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    private static string Place(string kind, int layer) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{layer}.{kind}.");

    // The cache may wait in the host's memory; what is remembered is on the device.
    private static LayerStateContent Content(string source, KvCache? cache, int layer, SessionModel model) => new(source)
    {
        HeldTokens = cache?.Layers[layer].TokenOfRow().to(model.Compute.Device),
        KvHeads = model.Text.KvHeads,
        Heads = model.Text.Heads,
    };

    private static Tensor Tensor(SessionFile file, string name, Device device)
    {
        var entry = file.TakeAny(name);
        if (entry.DType.IsFloat8() || entry.ElementCount == 0)
            throw file.Damaged($"the tensor {MessageText.Name(name)} is empty or stored as {entry.DType}, as no state is.");
        var host = empty(entry.Shape, entry.DType.ToScalarType());
        entry.CopyTo(0, host);
        return host.to(device);
    }

    private static string Named(string name) => LayerStateContent.IsName(name)
        ? name
        : throw new StarKvException($"{MessageText.Name(name)} is no name of what a method remembers.");
}

/// <summary>What a method remembers of one layer, as it is saved.</summary>
/// <param name="Kind">What files call its kind.</param>
/// <param name="Layer">Layer index from 0.</param>
/// <param name="Content">What is saved.</param>
internal sealed record SavedState(string Kind, int Layer, LayerStateContent Content);
