import { scoreEngine } from '../explain/engine-cost.ts';
import { startSimulation } from '../explain/resimulate.ts';
import type { Simulation } from '../explain/resimulate.ts';
import type { Model } from '../ir/graph.ts';
import type { Target } from '../sim/target.ts';
import { priceEngine } from './engine-price.ts';
import type { EnginePrice } from './engine-price.ts';
import { nodeWork } from './node-work.ts';
import type { EngineFigures } from './optimize-report.ts';

/** A model with its engine and its price. */
export interface PricedSimulation {
  readonly simulation: Simulation;
  readonly price: EnginePrice;
}

/** Prices a simulation. */
export const priced = (simulation: Simulation): PricedSimulation => ({
  simulation,
  price: priceEngine(simulation.engine, nodeWork(simulation.model.graph)),
});

/** Predicts and prices a model. Its shapes are inferred anew. */
export const predictPriced = (model: Model, target: Target): PricedSimulation =>
  priced(startSimulation(model, target));

/** What reports tell of an engine. */
export const figuresOf = ({ simulation, price }: PricedSimulation): EngineFigures => ({
  ...scoreEngine(simulation.engine),
  price,
});
