using System.Diagnostics.CodeAnalysis;

namespace StarKV.Models;

/// <summary>A published size, for timing a model whose checkpoint is not available and for arithmetic on its cache.</summary>
/// <param name="Name">Its short name, such as <c>7b</c>.</param>
/// <param name="Models">The published models of this size, for readers.</param>
/// <param name="Config">The sizes.</param>
[Experimental("STARKV001")]
public sealed record ModelShape(string Name, string Models, ModelConfig Config);
