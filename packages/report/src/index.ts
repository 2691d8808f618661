export type { ReportExperiment, ReportInput, ReportJob } from './report-input.js';
export { renderReport } from './page/render-report.js';
export { AttackCell, EvaluationCell, Gap, NetRow, Summary, Verdict } from './summary/summary.js';
export { summarise } from './summary/summarise.js';
