/** Drawings as they cross the worker line; `core/view` makes them. */
export type { BoxKind, Scene, SceneBadge, SceneBox, SceneEdge } from '../core/view/scene.ts';
