/**
 * GPU resources: the families that share a GPU in different ways, amounts, and counting. Pure. A new GPU vendor belongs
 * in {@link dev.trimtab.gpu.GpuFamily}.
 */
package dev.trimtab.gpu;
