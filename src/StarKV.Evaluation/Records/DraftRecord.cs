namespace StarKV.Evaluation.Records;

/// <summary>The draft that an answer's method looked at before it chose.</summary>
/// <param name="Tokens">The draft's tokens, none of which is part of the answer.</param>
/// <param name="Milliseconds">Time of writing it; part of the prefill's.</param>
/// <param name="HeldBytes">Bytes of keys and values held when it had been written, measured on the tensors: more than a full cache.</param>
public sealed record DraftRecord(int Tokens, double Milliseconds, long HeldBytes);
