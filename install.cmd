@echo off
rem Sets up .venv on Windows: from wheelhouse\ where it lies beside this file, else from the network.
chcp 65001 >nul
setlocal
cd /d "%~dp0"
set PYTHONUTF8=1
set PYTHONHOME=
set PYTHONPATH=
for %%v in (3.12 3.13 3.11) do (
  py -%%v -c "" >nul 2>nul && (set "PY=py -%%v" & goto found)
)
python -c "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))" >nul 2>nul && (set "PY=python" & goto found)
echo 【环境】需要 Python 3.11、3.12 或 3.13,没有找到。
echo   办法:安装 64 位的 Python 3.12,勾选 py launcher,再运行本文件。
exit /b 1

:found
set "FROM="
if exist wheelhouse\*.whl set "FROM=--no-index --find-links wheelhouse"
if not exist .venv\Scripts\python.exe %PY% -m venv .venv || exit /b 1
echo 正在安装,请稍候……
.venv\Scripts\python -m pip install --quiet --disable-pip-version-check %FROM% --require-hashes -r requirements.lock || exit /b 1
.venv\Scripts\python -m pip install --quiet --disable-pip-version-check %FROM% --no-deps --no-build-isolation -e . || exit /b 1
echo 正在编译面积内核,约半分钟,只此一次……
.venv\Scripts\python -c "from pipeline.geometry.sweep.warm import warm; warm()" || exit /b 1
echo 装好了。试一试:
echo   .venv\Scripts\python -m pipeline demo data\demo-2024
echo   .venv\Scripts\python -m pipeline run data\demo-2024\demo.toml
