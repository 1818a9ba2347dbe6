namespace Collector.Policy.Text;

/// <summary>What <see cref="ErrorVocabulary"/> knows of a word.</summary>
/// <param name="IsWord">It is a word of AWS's messages, in this spelling or, when capitalised, in lower case.</param>
/// <param name="IsPart">It is one in this spelling or in lower case: may be a part of a CamelCase name.</param>
/// <param name="IsErrorType">It is the name of one of Python's errors.</param>
/// <param name="Roles">What it says about its neighbours.</param>
internal readonly record struct WordFacts(bool IsWord, bool IsPart, bool IsErrorType, WordRole Roles);
