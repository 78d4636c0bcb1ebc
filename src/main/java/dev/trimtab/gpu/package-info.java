/**
 * GPU resources: families of resource names, amounts, and counting. Pure. A new GPU vendor belongs in
 * {@link dev.trimtab.gpu.GpuFamily}.
 */
package dev.trimtab.gpu;
