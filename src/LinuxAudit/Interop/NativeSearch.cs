using System.Runtime.InteropServices;

// Switches off the probing for native libraries beside the assembly, so that binding a function is a look-up in the C library that is already
// loaded: a thread that lives in another root directory opens no file there for it.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
